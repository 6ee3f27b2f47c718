/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/task/freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "base/proc.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"
#include "kerndat/kerndat.h"

#define PF_KTHREAD_BIT 0x00200000 /* field 9 of stat: a kernel thread */

#define BUCKETS 4096

/* Who is held already, by pid: a pass meets every child again. */
struct held {
	struct task *task;
	struct held *next;
};

struct freezer {
	struct dump *d;
	struct held *held[BUCKETS];
	bool found_new; /* in this pass */
};

static struct task *held_find(struct freezer *f, pid_t pid)
{
	for (struct held *h = f->held[(size_t)pid % BUCKETS]; h; h = h->next)
		if (h->task->pid == pid)
			return h->task;
	return NULL;
}

static int held_add(struct freezer *f, struct task *t)
{
	struct held *h = arena_obj(f->d->arena, struct held);

	if (!h)
		return -ENOMEM;
	h->task = t;
	h->next = f->held[(size_t)t->pid % BUCKETS];
	f->held[(size_t)t->pid % BUCKETS] = h;
	list_add_tail(&t->all, &f->d->tasks);
	f->d->n_tasks++;
	return 0;
}

/* --- one task -------------------------------------------------------------------------------- */

/* A survey holds nobody. */
static int let_go(const struct dump *d, struct victim *v, enum victim_release how)
{
	if (!d->survey)
		return victim_release(v, how);
	victim_view_free(v);
	return 0;
}

static int task_release(const struct dump *d, struct task *t, enum victim_release how)
{
	int r = let_go(d, t->victim, how);

	t->victim = NULL;
	t->pidfd = -1;
	if (t->proc >= 0)
		close(t->proc);
	t->proc = -1;
	return r;
}

static int task_seize(struct dump *d, pid_t pid, struct task **ret_t)
{
	struct task *t = arena_obj(d->arena, struct task);
	char path[32];
	int r;

	if (!t)
		return -ENOMEM;
	t->pid = pid;
	t->pidfd = t->proc = -1;
	list_init(&t->all);
	list_init(&t->children);
	list_init(&t->siblings);

	r = fault_at(FAULT_DUMP_SEIZE);
	if (r < 0)
		return r;
	r = d->survey ? victim_view(pid, &t->victim) : victim_seize(pid, d->interrupt.fd, &t->victim);
	if (r < 0)
		return r;

	/* A leader that exited before its threads has no memory and no files in /proc: a living one does. */
	snprintf(path, sizeof(path), "/proc/%d", t->victim->state == VICTIM_ZOMBIE ? pid : victim_living(t->victim)->tid);
	t->proc = neg_errno(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (t->proc < 0) {
		r = t->proc;
		if (r != -ENOENT)
			(void)err_path(path, r, "open it");
		goto undo;
	}

	switch (t->victim->state) {
	case VICTIM_ZOMBIE:
		t->state = TASK_DEAD;
		t->exit_code = t->victim->exit_code;
		(void)let_go(d, t->victim, VICTIM_RUN);
		t->victim = NULL;
		break;
	case VICTIM_STOPPED:
		t->state = TASK_STOPPED;
		t->stop_signal = t->victim->stop_signal;
		break;
	case VICTIM_ALIVE:
		t->state = TASK_ALIVE;
		break;
	}
	if (t->victim && !d->survey) {
		r = victim_pidfd(t->victim);
		/* An old kernel; who needs one says so. */
		t->pidfd = r < 0 ? -1 : r;
	}

	*ret_t = t;
	return 0;
undo:
	(void)task_release(d, t, VICTIM_RUN);
	return r == -ENOENT ? -ESRCH : r;
}

/* --- the tree -------------------------------------------------------------------------------- */

/*
 * Hold @pid, which was a child of @parent a moment ago. Between reading the list and seizing it the child
 * may have gone and its pid may be another's: only its parent tells.
 */
static int hold_child(struct freezer *f, struct task *parent, pid_t pid)
{
	struct task *t = held_find(f, pid);
	int r;

	if (!t) {
		r = interrupt_pending(&f->d->interrupt);
		if (r < 0)
			return r;
		if (pid == getpid())
			return f->d->survey ? 0 : /* told by refuse_own_tree() */
			       block_task(f->d, SELF, parent->pid, -EINVAL, "dump a tree that criu itself is in");

		r = task_seize(f->d, pid, &t);
		if (r == -ESRCH)
			return 0;
		if (r < 0)
			return r;
		r = proc_read_stat(t->proc, "stat", &t->stat);
		if (r < 0 || t->stat.ppid != parent->pid) {
			(void)task_release(f->d, t, VICTIM_RUN);
			return 0;
		}
		r = held_add(f, t);
		if (r < 0) {
			(void)task_release(f->d, t, VICTIM_RUN);
			return r;
		}
		f->found_new = true;
	}

	/* The last pass has the last word on whose child it is and how old. */
	t->parent = parent;
	list_del(&t->siblings);
	list_add_tail(&t->siblings, &parent->children);
	return 0;
}

/* Before they are listed again. */
static void forget_children(struct task *t)
{
	struct task *c, *next;

	list_for_each_safe (c, next, &t->children, siblings)
		list_del(&c->siblings);
}

static int hold_children_of_thread(struct freezer *f, struct task *t, pid_t tid)
{
	autofree pid_t *pids = NULL;
	size_t n;
	int r = fault_at(FAULT_DUMP_CHILDREN);

	if (r < 0)
		return r;
	r = proc_read_children(t->proc, tid, &pids, &n);
	if (r < 0)
		return err_task(t->pid, r, "list the children of its thread %d", tid);

	for (size_t i = 0; i < n; i++) {
		r = hold_child(f, t, pids[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * One pass by the kernel's own lists. New tasks go to the end of d->tasks, so the same pass comes to
 * them too. A frozen task without children stays so: nobody can fork for it, and only
 * ancestors of a dying task inherit its children.
 */
static int pass_by_children_files(struct freezer *f)
{
	struct task *t;

	dump_for_each_task(t, f->d) {
		if (!t->victim || (t->no_children && list_empty(&t->children)))
			continue;
		forget_children(t);
		for (size_t i = 0; i < t->victim->nr_threads; i++) {
			int r = hold_children_of_thread(f, t, t->victim->threads[i].tid);

			r = survey_pass(f->d->survey, r, t->pid, "its children");
			if (r < 0)
				return r;
		}
		t->no_children = list_empty(&t->children);
	}
	return 0;
}

struct born {
	pid_t pid, ppid;
	uint64_t start;
};

static int by_age(const void *a, const void *b)
{
	const struct born *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* One pass for kernels without those lists: every process there is, and who its parent is. */
static int pass_by_walking_proc(struct freezer *f)
{
	autofd int proc = neg_errno(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
	autofree struct born *born = NULL;
	autofree pid_t *pids = NULL;
	size_t n, nr = 0;
	struct task *t;
	int r;

	if (proc < 0)
		return err_path("/proc", proc, "open it");
	r = proc_list_numbers(proc, ".", &pids, &n);
	if (r < 0)
		return err_path("/proc", r, "list the processes");
	born = calloc(n ? n : 1, sizeof(*born));
	if (!born)
		return -ENOMEM;

	for (size_t i = 0; i < n; i++) {
		struct proc_stat st;
		char path[32];

		snprintf(path, sizeof(path), "%d/stat", pids[i]);
		if (proc_read_stat(proc, path, &st) == 0)
			born[nr++] = (struct born){ st.pid, st.ppid, st.start_time };
	}
	qsort(born, nr, sizeof(*born), by_age);

	dump_for_each_task(t, f->d)
		forget_children(t);
	for (size_t i = 0; i < nr; i++) {
		t = held_find(f, born[i].ppid);
		if (!t)
			continue;
		r = hold_child(f, t, born[i].pid);
		if (r < 0)
			return r;
	}
	return 0;
}

static void move_all(struct list *from, struct list *to)
{
	while (!list_empty(from)) {
		struct list *first = from->next;

		list_del(first);
		list_add_tail(first, to);
	}
}

/* Put d->tasks in the order of the image: parents first, depth first. */
static int order_tasks(struct dump *d)
{
	struct list ordered = LIST_INIT(ordered);
	struct task *t = d->root;
	int r = 0;

	while (t) {
		list_del(&t->all);
		list_add_tail(&t->all, &ordered);

		if (!list_empty(&t->children)) {
			t = list_entry(t->children.next, struct task, siblings);
			continue;
		}
		while (t && (!t->parent || t->siblings.next == &t->parent->children))
			t = t->parent;
		if (t)
			t = list_entry(t->siblings.next, struct task, siblings);
	}

	if (!list_empty(&d->tasks) && d->survey) {
		d->survey->n_gone++;
	} else if (!list_empty(&d->tasks)) {
		t = list_entry(d->tasks.next, struct task, all);
		r = block_task(d, ORPHANED, t->pid, -ESTALE, "keep it frozen: its parent was killed meanwhile");
	}
	/* What is left over goes to the end, where the release finds it. */
	move_all(&d->tasks, &ordered);
	move_all(&ordered, &d->tasks);
	return r;
}

/* Would freezing @root freeze us? Our ancestors tell. */
static int refuse_own_tree(const struct dump *d)
{
	pid_t root = d->opt->tree;
	autofd int proc = neg_errno(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
	pid_t pid = getpid();

	if (proc < 0)
		return err_path("/proc", proc, "open it; is /proc mounted?");
	if (root == pid)
		return block_task(d, SELF, root, -EINVAL, "dump criu itself");
	if (root == 1)
		return block_task(d, INIT, root, -EINVAL, "dump the init of the system or container criu runs in; "
				  "run criu outside of the container");

	while (pid > 0) {
		struct proc_stat st;
		char path[32];
		int r;

		if (pid == root)
			return block_task(d, SELF, root, -EINVAL, "dump a tree that criu itself is in; "
					  "start criu from elsewhere, or with setsid and a parent outside of the tree");
		snprintf(path, sizeof(path), "%d/stat", pid);
		r = proc_read_stat(proc, path, &st);
		if (r < 0)
			return err_task(pid, r, "read who its parent is");
		pid = st.ppid;
	}
	return 0;
}

static int hold_root(struct freezer *f)
{
	struct dump *d = f->d;
	struct proc_stat st;
	struct task *t;
	char path[32];
	int r = survey_pass(d->survey, refuse_own_tree(d), d->opt->tree, "its ancestors");

	if (r < 0)
		return r;

	snprintf(path, sizeof(path), "/proc/%d/stat", d->opt->tree);
	r = proc_read_stat(AT_FDCWD, path, &st);
	if (r < 0)
		return err_task(d->opt->tree, r == -ENOENT ? -ESRCH : r, "find it");
	if (st.flags & PF_KTHREAD_BIT)
		return block_task(d, KTHREAD, d->opt->tree, -EINVAL, "dump a thread of the kernel");

	r = task_seize(d, d->opt->tree, &t);
	if (r == -ESRCH)
		return err_task(d->opt->tree, r, "seize it");
	if (r < 0)
		return r;
	if (!t->victim) {
		r = block_task(d, ZOMBIE_ROOT, t->pid, -EINVAL, "dump a zombie as the root of a tree");
		goto undo;
	}
	r = proc_read_stat(t->proc, "stat", &t->stat);
	if (r < 0) {
		(void)err_task(t->pid, r, "read its stat");
		goto undo;
	}
	r = held_add(f, t);
	if (r < 0)
		goto undo;
	d->root = t;
	return 0;
undo:
	(void)task_release(d, t, VICTIM_RUN);
	return r;
}

int freeze_tree(struct dump *d)
{
	struct freezer f = { .d = d };
	enum kd_way way = kerndat_way(d->kd, WAY_TASK_CHILDREN);
	int r = hold_root(&f);

	if (r < 0)
		return r;

	/* While some of them ran, children moved to new parents: look again until nothing is new. */
	do {
		f.found_new = false;
		r = way == BY_CHILDREN_FILES ? pass_by_children_files(&f) : pass_by_walking_proc(&f);
		if (r < 0)
			goto undo;
	} while (f.found_new && !d->survey); /* of a tree that runs there is no last look */

	r = order_tasks(d);
	if (r == 0)
		return 0;
undo:
	(void)freeze_release(d, VICTIM_RUN);
	return r;
}

/* All in one go: a criu that is killed here leaves no half of a tree. Their exits overlap, too. */
static void kill_tree(struct dump *d)
{
	struct task *t;

	dump_for_each_task(t, d)
		if (t->victim)
			victim_kill_prepare(t->victim);
	dump_for_each_task(t, d)
		if (t->victim)
			victim_kill(t->victim);
}

int freeze_release(struct dump *d, enum victim_release how)
{
	int first = 0;

	if (how == VICTIM_KILL)
		kill_tree(d);

	for (struct list *l = d->tasks.prev, *before; l != &d->tasks; l = before) {
		int r;

		before = l->prev;
		r = task_release(d, list_entry(l, struct task, all), how);
		if (!first)
			first = r;
	}
	return first;
}
