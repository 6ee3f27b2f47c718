/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/task/look.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "compel/compel.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/task/cgroup.h"
#include "criu/task/dump.h"

/* The number that the innermost namespace gives, or the plain one on kernels before 4.1. */
static pid_t innermost(const struct proc_nspid *ns, pid_t plain)
{
	return ns->levels ? ns->pid[ns->levels - 1] : plain;
}

/*
 * The text is hexadecimal, but the format has it read as a decimal number: 00040000 is stored
 * as 40000. No reader uses it.
 */
static int look_at_personality(struct dump *d, struct task *t)
{
	char text[32];
	int r = proc_read_text(t->proc, "personality", text, sizeof(text));

	if (r < 0)
		return err_task(t->pid, r, "read its personality");
	text[8] = 0;
	t->look->personality = (uint32_t)strtoul(text, NULL, 10);
	return 0;
}

/* Files of one number that not every kernel has. */
static int look_at_numbers(struct dump *d, struct task *t)
{
	struct task_look *l = t->look;
	char text[32];
	int r;

	r = proc_read_text(t->proc, "loginuid", text, sizeof(text));
	if (r < 0 && r != -ENOENT)
		return err_task(t->pid, r, "read its loginuid");
	l->has_loginuid = r > 0;
	if (r > 0)
		l->loginuid = (uint32_t)strtoul(text, NULL, 10);

	r = proc_read_text(t->proc, "oom_score_adj", text, sizeof(text));
	if (r < 0 && r != -ENOENT)
		return err_task(t->pid, r, "read its oom_score_adj");
	l->has_oom_score_adj = r > 0;
	if (r > 0)
		l->oom_score_adj = (int32_t)strtol(text, NULL, 10);
	return 0;
}

static int look_at_robust_list(struct thread_look *th)
{
	void *head = NULL;
	size_t size = 0;
	long r;

	if (arch_is_compat(&th->thread->regs)) {
		r = arch_compat_robust_list(th->tid, &th->robust_list, &th->robust_list_size);
		if (!th->robust_list)
			th->robust_list_size = 0;
		return r < 0 ? err_task(th->tid, (int)r, "read its robust futex list") : 0;
	}
	r = neg_errno(syscall(SYS_get_robust_list, th->tid, &head, &size));
	if (r < 0)
		return err_task(th->tid, (int)r, "read its robust futex list");
	th->robust_list = (uintptr_t)head;
	th->robust_list_size = head ? (uint32_t)size : 0;
	return 0;
}

/* Linux 6.4 (463b7715e7ce): newer than the headers of Debian 12. */
#define GET_SYSCALL_USER_DISPATCH_CONFIG 0x4211

/* The kernel sends system calls of a thread back to it (wine does that): the format has no place for it. */
static int refuse_user_dispatch(const struct dump *d, const struct task *t, const struct thread_look *th)
{
	struct {
		uint64_t mode, selector, offset, len;
	} c = { 0 };

	if (d->survey)
		return 0; /* the kernel tells its tracer only */
	/* A kernel that cannot tell: the manual's LIMITS. */
	if (ptrace((enum __ptrace_request)GET_SYSCALL_USER_DISPATCH_CONFIG, th->tid, sizeof(c), &c) < 0 || !c.mode)
		return 0;
	return block_task(d, DISPATCH, t->pid, -ENOTSUP, "dump thread %d, whose system calls are dispatched to itself "
			  "(PR_SET_SYSCALL_USER_DISPATCH)", th->tid);
}

static int look_at_thread(struct dump *d, struct task *t, struct thread_look *th)
{
	int r = creds_look(d, t, th);

	if (r < 0)
		return r;
	th->vtid = innermost(&th->status.nspid, th->tid);
	/* In a dump that is us. */
	if (d->survey && th->status.tracer) {
		r = block_task(d, TRACED, th->tid, -EBUSY, "seize it; pid %d traces it (a debugger?), detach that first",
			       th->status.tracer);
		r = survey_pass(d->survey, r, th->tid, "its tracer");
		if (r < 0)
			return r;
	}
	r = sched_look(d, t, th);
	if (r < 0 || th->is_dead)
		return r;
	r = refuse_user_dispatch(d, t, th);
	return r < 0 ? r : look_at_robust_list(th);
}

static int look_at_threads(struct dump *d, struct task *t)
{
	struct task_look *l = t->look;
	int r;

	l->threads = arena_array(d->arena, t->victim->nr_threads, sizeof(*l->threads));
	if (!l->threads)
		return -ENOMEM;
	l->n_threads = t->victim->nr_threads;

	for (size_t i = 0; i < l->n_threads; i++) {
		struct thread_look *th = &l->threads[i];

		th->thread = &t->victim->threads[i];
		th->tid = th->thread->tid;
		th->is_dead = th->thread->is_dead;
		r = survey_pass(d->survey, look_at_thread(d, t, th), th->tid, "its state");
		if (r < 0)
			return r;
	}
	return 0;
}

/*
 * The images have no place for the signal that tells the parent of a child's end, and a restored child has SIGCHLD. The
 * root's parent is not ours: it gets another one at restore anyhow.
 */
static int check_exit_signal(const struct dump *d, const struct task *t)
{
	struct proc_stat leader = t->stat;
	char path[64];
	int sig, r = 0;

	if (!t->parent)
		return 0;
	/* What t->proc shows of a process without its leader is a thread, which has none (-1). */
	snprintf(path, sizeof(path), "task/%d/stat", t->pid);
	if (t->victim && t->victim->threads[0].is_dead)
		r = proc_read_stat(t->proc, path, &leader);
	if (r < 0)
		return err_task(t->pid, r, "read its exit signal");
	sig = leader.exit_signal;
	if (sig == SIGCHLD)
		return 0;
	return block_task(d, EXIT_SIGNAL, t->pid, -ENOTSUP, "dump it: its exit signal is %d (%s), which the image format cannot tell; "
			  "only children made with SIGCHLD can be dumped", sig, sig ? strsignal(sig) : "none");
}

/* A zombie has lost all but its place in the tree, its name and its exit status. */
static int look_at_zombie(struct dump *d, struct task *t)
{
	struct proc_status st;
	int r = proc_read_status(t->proc, "status", d->arena, &st);

	if (r < 0)
		return err_task(t->pid, r, "read its status");
	t->vpid = innermost(&st.nspid, t->pid);
	t->vpgid = innermost(&st.nspgid, t->stat.pgid);
	t->vsid = innermost(&st.nssid, t->stat.sid);
	return 0;
}

/* What the kernel tells only the tracer of a task (of_held), a survey leaves out. */
static const struct {
	int (*look)(struct dump *d, struct task *t);
	const char *what;
	bool of_held;
} parts[] = {
	{ ids_look, "its namespaces", false },	{ look_at_personality, "its personality", false },
	{ look_at_numbers, "its oom_score_adj", false }, { rlimits_look, "its limits", false },
	{ timers_look, "its timers", false },	{ cgroup_look, "its cgroups", false },
	{ seccomp_look, "its seccomp mode", false }, { signals_look, "its signals", true },
};

static int look_at_parts(struct dump *d, struct task *t)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i].of_held && d->survey)
			continue;
		r = survey_pass(d->survey, parts[i].look(d, t), t->pid, parts[i].what);
	}
	return r;
}

/* Could a dump take hold of it? The kernel lets the same people open the memory of a process as trace it. */
static int refuse_closed(const struct dump *d, const struct task *t)
{
	autofd int mem = d->survey && t->victim ? neg_errno(openat(t->proc, "mem", O_RDONLY | O_CLOEXEC)) : 0;

	if (mem != -EACCES && mem != -EPERM)
		return 0;
	return block_task(d, PRIVILEGE, t->pid, mem, "take hold of it");
}

int look_outside(struct dump *d, struct task *t)
{
	const struct proc_status *st;
	int r = fault_at(FAULT_DUMP_LOOK);

	if (r < 0)
		return r;
	r = refuse_closed(d, t);
	if (r < 0)
		return r;
	t->look = arena_obj(d->arena, struct task_look);
	if (!t->look)
		return -ENOMEM;
	r = survey_pass(d->survey, check_exit_signal(d, t), t->pid, "its exit signal");
	if (r < 0)
		return r;
	if (t->state == TASK_DEAD)
		return look_at_zombie(d, t);

	r = look_at_threads(d, t);
	if (r < 0)
		return r;
	st = &t->look->threads[0].status;
	t->vpid = innermost(&st->nspid, t->pid);
	t->vpgid = innermost(&st->nspgid, t->stat.pgid);
	t->vsid = innermost(&st->nssid, t->stat.sid);

	return look_at_parts(d, t);
}

static int ask_threads(struct task *t)
{
	struct task_look *l = t->look;
	autofree struct parasite_thread *threads = calloc(l->n_threads, sizeof(*threads));
	int r;

	if (!threads)
		return -ENOMEM;
	r = victim_call(t->victim, PARASITE_DUMP_TASK, &l->inside, sizeof(l->inside));
	if (r < 0)
		return err_task(t->pid, r, "let it tell its state");
	r = victim_call_threads(t->victim, PARASITE_DUMP_THREAD, threads, sizeof(*threads));
	if (r < 0)
		return err_task(t->pid, r, "let its threads tell their state");
	for (size_t i = 0; i < l->n_threads; i++)
		l->threads[i].inside = threads[i];
	return 0;
}

/* One thread, which is nearly every task: one question instead of two. */
static int ask_single(struct task *t)
{
	struct parasite_single both = {};
	int r = victim_call(t->victim, PARASITE_DUMP_SINGLE, &both, sizeof(both));

	if (r < 0)
		return err_task(t->pid, r, "let it tell its state");
	t->look->inside = both.task;
	t->look->threads[0].inside = both.thread;
	return 0;
}

static int ask_parasite(struct dump *d, struct task *t)
{
	int r = t->look->n_threads == 1 ? ask_single(t) : ask_threads(t);

	if (r == 0)
		r = fault_at(FAULT_DUMP_THREADS);
	return r < 0 ? r : timers_look_inside(d, t);
}

int look_inside(struct dump *d, struct task *t)
{
	struct compel_blob blob = COMPEL_BLOB(parasite);
	size_t args = sizeof(struct parasite_single);
	int r = fault_at(FAULT_DUMP_INFECT), cured;

	if (r < 0)
		return r;
	if (t->look->n_timers > 64)
		args = VICTIM_ARGS_MAX;
	r = victim_infect(t->victim, &blob, args);
	if (r < 0)
		return r;
	r = ask_parasite(d, t);

	/* Whatever it told: memory is read from outside, so nothing of ours may be in it by then. */
	cured = victim_cure(t->victim);
	if (r == 0)
		r = fault_at(FAULT_DUMP_CURE);
	return r < 0 ? r : cured;
}
