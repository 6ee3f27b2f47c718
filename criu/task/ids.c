/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/task/ids.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "kerndat/kerndat.h"
#include "proto/core.pb-c.h"

static const struct {
	const char *link;	/* below /proc/PID */
	const char *for_children;
	const char *what;
} kinds[NS_NR] = {
	[NS_PID]    = { "ns/pid", "ns/pid_for_children", "pid" },
	[NS_NET]    = { "ns/net", NULL, "network" },
	[NS_IPC]    = { "ns/ipc", NULL, "ipc" },
	[NS_UTS]    = { "ns/uts", NULL, "uts" },
	[NS_TIME]   = { "ns/time", "ns/time_for_children", "time" },
	[NS_MNT]    = { "ns/mnt", NULL, "mount" },
	[NS_USER]   = { "ns/user", NULL, "user" },
	[NS_CGROUP] = { "ns/cgroup", NULL, "cgroup" },
};

struct known_ns {
	enum ns_kind kind;
	ino_t ino;
	uint32_t id;
	struct known_ns *next;
};

struct dump_ids {
	struct known_ns *all;
	ino_t own_ino[NS_NR];
	uint32_t own[NS_NR];
	ino_t root_ino[NS_NR];	 /* the root task's; 0 before it is known */
	bool tells_later[NS_NR]; /* there is a ..._for_children link (Linux 4.12) */
	bool moves[NS_NR];	 /* our own children would be in another one */
	uint32_t last_ns, last_kobj;
};

/* "pid:[4026531836]": the number is the inode. 0 where the kernel has no such kind. */
static int read_ns_link(int proc, const char *link, ino_t *ret_ino)
{
	char text[64];
	const char *open;
	ssize_t n = neg_errno(readlinkat(proc, link, text, sizeof(text) - 1));

	*ret_ino = 0;
	if (n == -ENOENT)
		return 0;
	if (n < 0)
		return (int)n;
	text[n] = 0;
	open = strchr(text, '[');
	*ret_ino = open ? strtoul(open + 1, NULL, 10) : 0;
	return *ret_ino ? 0 : -EBADMSG;
}

int ids_begin(struct dump *d)
{
	autofd int self = neg_errno(open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC));
	int r;

	if (self < 0)
		return err_path("/proc/self", self, "open it; is /proc mounted?");

	d->ids = arena_obj(d->arena, struct dump_ids);
	if (!d->ids)
		return -ENOMEM;
	d->ids->last_kobj = 1; /* our own */

	for (enum ns_kind k = 0; k < NS_NR; k++) {
		ino_t ino;

		r = read_ns_link(self, kinds[k].link, &ino);
		if (r < 0)
			return err_path(kinds[k].link, r, "read this link of ours");
		d->ids->own_ino[k] = ino;
		if (!ino)
			continue;
		r = ids_ns(d, k, ino, &d->ids->own[k]);
		if (r < 0)
			return r;
		d->ids->tells_later[k] = kinds[k].for_children &&
			!read_ns_link(self, kinds[k].for_children, &ino) && ino;
		d->ids->moves[k] = d->ids->tells_later[k] && ino != d->ids->own_ino[k];
	}
	return 0;
}

uint32_t ids_own_ns(const struct dump *d, enum ns_kind k)
{
	return d->ids->own[k];
}

int ids_ns(struct dump *d, enum ns_kind k, ino_t ino, uint32_t *ret_id)
{
	struct known_ns *n;

	for (n = d->ids->all; n; n = n->next) {
		if (n->ino == ino && n->kind == k) {
			*ret_id = n->id;
			return 0;
		}
	}

	n = arena_obj(d->arena, struct known_ns);
	if (!n)
		return -ENOMEM;
	*n = (struct known_ns){ k, ino, ++d->ids->last_ns, d->ids->all };
	d->ids->all = n;
	*ret_id = n->id;
	return 0;
}

static int refuse_other(struct dump *d, const struct task *t, enum ns_kind k, ino_t ino)
{
	if (ino == d->ids->own_ino[k])
		return 0;
	return block_task(d, NAMESPACE, t->pid, -ENOTSUP, "dump a task in a %s namespace of its own yet; run criu inside of it",
			  kinds[k].what);
}

/* A tree may have one of its own (criu/ns/time.c). The root is looked at first. */
static int refuse_time(struct dump *d, const struct task *t, ino_t ino)
{
	ino_t *root = &d->ids->root_ino[NS_TIME];

	if (!t->parent) {
		*root = ino;
		if (ino != d->ids->own_ino[NS_TIME] && kerndat_way(d->kd, WAY_TREE_CLOCKS) != BY_TIME_NS)
			block_warn(d, TIME_NAMESPACE, t->pid, "is in a time namespace of its own, which criu could not make again here");
	}
	if (*root && ino != *root)
		return block_task(d, NAMESPACE_MIXED, t->pid, -ENOTSUP, "dump a task in another time namespace than the root of the tree");
	/* The kernel tells the offsets of the namespace of children only. */
	if (ino != d->ids->own_ino[NS_TIME] && d->ids->moves[NS_TIME])
		return block_task(d, NAMESPACE, t->pid, -ENOTSUP, "tell the time of its time namespace: criu's own is not that of its "
				  "children; start it by a fork (unshare --fork)");
	return 0;
}

static int look_at_ns(struct dump *d, struct task *t, enum ns_kind k)
{
	ino_t ino, later;
	int r = read_ns_link(t->proc, kinds[k].link, &ino);

	if (r < 0)
		return err_task(t->pid, r, "read its link %s", kinds[k].link);
	if (!ino)
		return 0;
	r = k == NS_TIME ? refuse_time(d, t, ino) : refuse_other(d, t, k, ino);
	if (r < 0)
		return r;

	if (d->ids->tells_later[k]) {
		r = read_ns_link(t->proc, kinds[k].for_children, &later);
		if (r < 0)
			return err_task(t->pid, r, "read its link %s", kinds[k].for_children);
		/* A new pid namespace has no link (0) until its first child is there. */
		if (later != ino)
			return block_task(d, NAMESPACE_NEXT, t->pid, -ENOTSUP,
					  "dump a task whose children will be in another %s namespace",
					  kinds[k].what);
	}
	return ids_ns(d, k, ino, &t->ns[k]);
}

/* A thread may leave its process alone in most kinds, and send its children elsewhere. */
static int look_at_thread_ns(struct dump *d, const struct task *t, const struct thread_look *th, enum ns_kind k)
{
	const char *links[] = { kinds[k].link, d->ids->tells_later[k] ? kinds[k].for_children : NULL };
	char of_thread[64];
	ino_t ino, theirs;
	int r = 0;

	for (size_t i = 0; !r && i < 2 && links[i]; i++) {
		snprintf(of_thread, sizeof(of_thread), "task/%d/%s", th->tid, links[i]);
		r = read_ns_link(t->proc, links[i], &ino);
		if (!r)
			r = read_ns_link(t->proc, of_thread, &theirs);
		if (r < 0)
			return err_task(th->tid, r, "read its link %s", links[i]);
		if (ino != theirs)
			return block_task(d, THREAD_NAMESPACE, t->pid, -ENOTSUP,
					  "dump thread %d, which is in another %s namespace, or its children will be",
					  th->tid, kinds[k].what);
	}
	return 0;
}

static int look_at_threads_ns(struct dump *d, const struct task *t)
{
	int r = 0;

	for (size_t i = 1; !r && i < t->look->n_threads; i++)
		for (enum ns_kind k = 0; !r && k < NS_NR; k++)
			if (k != NS_USER && !t->look->threads[i].is_dead) /* a thread cannot leave that alone */
				r = look_at_thread_ns(d, t, &t->look->threads[i], k);
	return r;
}

static bool is_same(pid_t a, pid_t b, int what)
{
	return syscall(SYS_kcmp, a, b, what, 0, 0) == 0;
}

/* As the parent in vfork() does; nobody can stop it then. Of a frozen one it is never so. */
static bool waits_for_child(const struct task *t)
{
	for (size_t i = 0; i < t->look->n_threads; i++) {
		if (t->look->threads[i].status.state == 'D')
			return true;
	}
	return false;
}

int ids_look(struct dump *d, struct task *t)
{
	int r = fault_at(FAULT_DUMP_IDS);

	if (r < 0)
		return r;

	for (enum ns_kind k = 0; k < NS_NR; k++) {
		r = look_at_ns(d, t, k);
		if (r < 0)
			return r;
	}

	r = look_at_threads_ns(d, t);
	if (r < 0)
		return r;
	t->kobj_id = ++d->ids->last_kobj;
	if (!t->parent || !t->parent->victim)
		return 0;
	if (d->survey && t->parent->look && waits_for_child(t->parent) && is_same(t->pid, t->parent->pid, KCMP_VM))
		/* That takes a moment with nearly all: worth another look. */
		return !d->survey->last ? -ESRCH :
		       block_task(d, VFORK, t->parent->pid, -EINTR, "stop it: it is inside vfork() until pid %d has called "
				  "exec or exit", t->pid);
	/* The format knows no shared memory between processes: two copies would drift apart. */
	if (is_same(t->pid, t->parent->pid, KCMP_VM))
		return block_task(d, SHARED_VM, t->pid, -ENOTSUP, "dump a task that shares its memory with pid %d (CLONE_VM)",
				  t->parent->pid);
	if (is_same(t->pid, t->parent->pid, KCMP_FS))
		block_warn(d, SHARED_FS, t->pid, "shares its working directory and umask with pid %d (CLONE_FS); "
			   "each will have its own after restore", t->parent->pid);
	return 0;
}

static void set_id(uint32_t id, uint32_t *ret_id, protobuf_c_boolean *ret_has)
{
	*ret_id = id;
	*ret_has = id != 0;
}

void ids_to_image(const struct dump *d, const struct task *t, struct TaskKobjIdsEntry *m)
{
	const uint32_t *ns = t ? t->ns : d->ids->own;

	m->vm_id = m->fs_id = m->sighand_id = t ? t->kobj_id : 1;
	m->files_id = t ? t->files_id : 1;
	set_id(ns[NS_PID], &m->pid_ns_id, &m->has_pid_ns_id);
	set_id(ns[NS_NET], &m->net_ns_id, &m->has_net_ns_id);
	set_id(ns[NS_IPC], &m->ipc_ns_id, &m->has_ipc_ns_id);
	set_id(ns[NS_UTS], &m->uts_ns_id, &m->has_uts_ns_id);
	set_id(ns[NS_MNT], &m->mnt_ns_id, &m->has_mnt_ns_id);
	set_id(ns[NS_USER], &m->user_ns_id, &m->has_user_ns_id);
	set_id(ns[NS_CGROUP], &m->cgroup_ns_id, &m->has_cgroup_ns_id);
	set_id(ns[NS_TIME], &m->time_ns_id, &m->has_time_ns_id);
}

int ids_write(struct dump *d, const struct task *t)
{
	TaskKobjIdsEntry m = TASK_KOBJ_IDS_ENTRY__INIT;

	ids_to_image(d, t, &m);
	return image_write_one(d->images, IMG_IDS, (uint64_t)t->vpid, &m.base);
}
