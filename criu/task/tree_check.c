/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is the tree that the images tell one that can be restored here? The parts check themselves
 * (parts_restore.h); here is what concerns the process as a whole: namespaces, tables, registers.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "arch/arch.h"
#include "base/err.h"
#include "criu/image/options.h"
#include "criu/task/parts_restore.h"
#include "criu/task/restore.h"
#include "kerndat/kerndat.h"
#include "criu/task/tree_restore.h"
#include "proto/core.pb-c.h"
#include "proto/inventory.pb-c.h"

/* Each kind of namespace: its id in a set of ids, 0 when absent. */
static const struct {
	const char *name;
	size_t has, id;
} ns_kinds[] = {
#define NS(kind) { #kind, offsetof(struct TaskKobjIdsEntry, has_##kind##_ns_id), offsetof(struct TaskKobjIdsEntry, kind##_ns_id) }
	NS(pid), NS(net), NS(ipc), NS(uts), NS(mnt), NS(user), NS(cgroup), NS(time),
#undef NS
};

static uint32_t ns_id(const struct TaskKobjIdsEntry *ids, size_t kind)
{
	const char *base = (const char *)ids;
	protobuf_c_boolean has;
	uint32_t id;

	memcpy(&has, base + ns_kinds[kind].has, sizeof(has));
	memcpy(&id, base + ns_kinds[kind].id, sizeof(id));
	return has ? id : 0;
}

/* The whole tree has one: criu/ns/time.c. */
static bool may_be_own(const struct rtask *rt, size_t kind)
{
	return !rt->parent && !strcmp(ns_kinds[kind].name, "time");
}

static int check_namespaces(const struct restore *rs, const struct rtask *rt)
{
	const struct TaskKobjIdsEntry *ours = rt->parent ? rs->root->ids : rs->inventory->root_ids;
	size_t k;

	for (k = 0; k < sizeof(ns_kinds) / sizeof(*ns_kinds); k++)
		if (!may_be_own(rt, k) && ns_id(rt->ids, k) && ns_id(ours, k) && ns_id(rt->ids, k) != ns_id(ours, k))
			return refuse_task(rt->pid, -ENOTSUP, "restore it in a %s namespace of its own: not supported yet",
					   ns_kinds[k].name);
	return 0;
}

static int check_ids(const struct restore *rs, const struct rtask *rt)
{
	if (!rt->parent && rt->ids->files_id == rs->inventory->root_ids->files_id)
		return refuse_task(rt->pid, -EINVAL, "restore it with the file table of the dumping process");
	return check_namespaces(rs, rt);
}

static int check_cgroup(const struct restore *rs, const struct rtask *rt, const struct rthread *th)
{
	const struct ThreadCoreEntry *tk = th->core->thread_core;
	const struct TaskCoreEntry *tc = rt->core->tc;
	uint32_t set = tk->has_cg_set ? tk->cg_set : tc->has_cg_set ? tc->cg_set : 0;

	if (!set || rs->opt->manage_cgroups == CGROUP_IGNORE ||
	    (rs->inventory->has_root_cg_set && rs->inventory->root_cg_set == set))
		return 0;
	return refuse_task(th->tid, -ENOTSUP,
			   "restore it in other cgroups than ours: not supported yet; --manage-cgroups=ignore leaves it in ours");
}

/* Which kind of program it is belongs to the process as a whole: its vdso, its handlers, its lists. */
static int check_kind(const struct restore *rs, const struct rtask *rt, const struct rthread *th)
{
	const bool compat = arch_image_is_compat(th->core);

	if (compat != arch_image_is_compat(rt->core))
		return refuse_task(th->tid, -ENOTSUP, "restore a process that runs 32-bit and 64-bit code in different threads");
	/* Of another host criu check asks this itself. */
	if (compat && !rs->elsewhere && !kerndat_has(rs->kd, KD_COMPAT_CR))
		return refuse_task(th->tid, -ENOTSUP, "restore a 32-bit process: this kernel does not run them, or cannot map their "
				   "vdso (criu check --feature compat_cr)");
	return 0;
}

static int check_registers(const struct restore *rs, const struct rthread *th)
{
	struct arch_thread regs = { .fpu = NULL };
	const char *why = "damaged";
	int r = arch_thread_from_image(th->core, &regs, &why);

	if (r == -ENOMEM)
		return err_task(th->tid, r, "read its registers");
	if (r == -EOPNOTSUPP && rs->elsewhere)
		return 0;
	if (r < 0)
		return refuse_task(th->tid, r, "restore its registers: %s", why);
	arch_thread_free(&regs);
	return 0;
}

static int check_thread(struct restore *rs, const struct rtask *rt, size_t i)
{
	const struct rthread *th = &rt->threads[i];
	int r;

	if (!th->core->thread_core)
		return refuse_task(th->tid, -EINVAL, "restore it: its core image has no thread part");
	if (i && (th->core->tc || th->core->ids))
		return refuse_task(th->tid, -EINVAL, "restore it: a thread with the core image of a process");
	r = check_registers(rs, th);
	if (!r)
		r = check_kind(rs, rt, th);
	if (!r)
		r = check_cgroup(rs, rt, th);
	if (!r)
		r = creds_check(rs, rt, th);
	if (!r)
		r = sched_check(rt, th);
	if (!r)
		r = seccomp_check(rs, rt, th);
	return r;
}

static int check_task(struct restore *rs, const struct rtask *rt)
{
	size_t i;
	int r = check_ids(rs, rt);

	for (i = 0; !r && i < rt->n_threads; i++)
		r = check_thread(rs, rt, i);
	if (!r)
		r = signals_check(rs, rt);
	if (!r)
		r = timers_check(rs, rt);
	if (!r)
		r = limits_check(rs, rt);
	return r;
}

/* How a zombie died must be something that a process can do to itself. */
static int check_zombie(const struct rtask *rt)
{
	const int status = (int)rt->core->tc->exit_code, sig = WTERMSIG(status);
	const bool ends = sig != SIGSTOP && sig != SIGTSTP && sig != SIGTTIN && sig != SIGTTOU && sig != SIGCHLD &&
			  sig != SIGCONT && sig != SIGURG && sig != SIGWINCH && sig < _NSIG;

	if (!list_empty(&rt->children))
		return refuse_task(rt->pid, -EINVAL, "restore a zombie with children");
	if (status < 0 || status > 0xffff || !(WIFEXITED(status) || (WIFSIGNALED(status) && ends)))
		return refuse_task(rt->pid, -EINVAL, "restore a zombie with wait status %#x", status);
	return strlen(rt->core->tc->comm) < 16 ? 0 : refuse_task(rt->pid, -EINVAL, "give it such a long name");
}

int tree_check(struct restore *rs)
{
	size_t i;
	int r;

	if (!rtask_is_live(rs->root))
		return refuse_task(rs->root->pid, -EINVAL, "restore a tree with a zombie as root");
	r = seccomp_read(rs);
	restore_for_each_task (i, rs) {
		const struct rtask *rt = rs->tasks[i];

		if (r < 0)
			return r;
		if (rtask_is_live(rt))
			r = check_task(rs, rt);
		else
			r = check_zombie(rt);
	}
	return r;
}
