/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a restore, in the coordinator: it traces every thread while they stand in the
 * restorer, takes the restorer away, gives each its registers, vector state and signal mask, and
 * lets all go at once. Or, when something has failed, kills and reaps whatever was created.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch/arch.h"
#include "base/err.h"
#include "base/log.h"
#include "compel/compel.h"
#include "criu/fd/fd.h"
#include "criu/image/fault.h"
#include "criu/image/options.h"
#include "criu/inside/restorer.h"
#include "criu/task/restore.h"
#include "criu/task/stages.h"
#include "criu/flow/restore_tree.h"
#include "proto/core.pb-c.h"

#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif

/* --- taking hold ----------------------------------------------------------------------------------------- */

/* Died with us, should we die; filters asleep while the restorer still has to make calls. */
static long seize_options(const struct restore *rs)
{
	return PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | (rs->has_seccomp ? PTRACE_O_SUSPEND_SECCOMP : 0);
}

static int seize(const struct restore *rs, pid_t tid, enum fault fault)
{
	int r = fault_at(fault);

	if (!r)
		r = (int)neg_errno(ptrace(PTRACE_SEIZE, tid, NULL, seize_options(rs)));
	if (r < 0)
		return err_task(tid, r, "trace it%s",
				r == -EPERM && rs->has_seccomp ? "; restoring seccomp needs CAP_SYS_ADMIN" : "");
	return 0;
}

static int hold_leaders(struct restore *rs)
{
	size_t i;
	int r;

	restore_for_each_task (i, rs) {
		if (!rtask_is_live(rs->tasks[i]))
			continue;
		r = seize(rs, rs->tasks[i]->pid, FAULT_RESTORE_HOLD);
		if (r < 0)
			return r;
	}
	return 0;
}

static int hold_threads(struct restore *rs)
{
	size_t i, k;
	int r;

	restore_for_each_task (i, rs)
		for (k = 1; rtask_is_live(rs->tasks[i]) && k < rs->tasks[i]->n_threads; k++) {
			r = seize(rs, rs->tasks[i]->threads[k].tid, FAULT_RESTORE_THREADS);
			if (r < 0)
				return r;
		}
	return 0;
}

static int interrupt_all(struct restore *rs)
{
	size_t i, k;

	restore_for_each_task (i, rs)
		for (k = 0; rtask_is_live(rs->tasks[i]) && k < rs->tasks[i]->n_threads; k++) {
			const pid_t tid = rs->tasks[i]->threads[k].tid;

			if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) < 0)
				return err_task(tid, -errno, "stop it");
		}
	return 0;
}

/* The next stop of @tid, which must be one of ours. */
static int wait_stop(pid_t tid)
{
	int status;

	while (waitpid(tid, &status, __WALL) < 0)
		if (errno != EINTR)
			return err_task(tid, -errno, "wait for it to stop");
	if (WIFSTOPPED(status))
		return 0;
	if (WIFSIGNALED(status))
		return refuse_task(tid, -ECHILD, "restore it: signal %d ended it", WTERMSIG(status));
	return refuse_task(tid, -ECHILD, "restore it: it ended by itself");
}

static int stop_all(struct restore *rs)
{
	size_t i, k;
	int r = interrupt_all(rs);

	restore_for_each_task (i, rs)
		for (k = 0; !r && rtask_is_live(rs->tasks[i]) && k < rs->tasks[i]->n_threads; k++) {
			r = fault_at(FAULT_RESTORE_STOP);
			if (!r)
				r = wait_stop(rs->tasks[i]->threads[k].tid);
		}
	return r;
}

int finish_hold(struct restore *rs)
{
	int r = fault_at(FAULT_RESTORE_READY);

	if (!r)
		r = stage_collect(rs, STAGE_READY);
	if (!r)
		r = hold_leaders(rs);
	if (r < 0)
		return r;
	stage_open(rs, STAGE_READY);

	if (rs->stages->n[STAGE_THREADS]) {
		r = stage_collect(rs, STAGE_THREADS);
		if (!r)
			r = hold_threads(rs);
		if (r < 0)
			return r;
		stage_open(rs, STAGE_THREADS);
	}

	r = fault_at(FAULT_RESTORE_STANDING);
	if (!r)
		r = stage_collect(rs, STAGE_STANDING);
	if (!r)
		r = stop_all(rs);
	return r;
}

/* --- one process ------------------------------------------------------------------------------------------ */

static int call_in(pid_t tid, const struct arch_regs *regs, uint64_t insn, long nr, const uint64_t args[6],
		   const char *what)
{
	long ret = 0;
	int r = compel_syscall_at(tid, regs, insn, nr, args, &ret);

	if (!r && ret < 0)
		r = (int)ret;
	return r < 0 ? err_task(tid, r, "%s", what) : 0;
}

/* Of all that is lost when some descriptor of the file is closed, this comes after the last of criu's is. */
static int set_posix_locks(struct restore *rs, struct rtask *rt, const struct arch_regs *regs)
{
	struct stages_place *at = stages_place(rs, rt);
	const struct rlock *l = NULL;
	struct flock range;
	int fd, r = 0;

	static_assert(sizeof(range) <= sizeof(at->words), "the range must fit into the words of a call");
	while (!r && (l = fd_restore_posix_lock(rt, l, &fd, &range))) {
		const uint64_t args[6] = { (uint64_t)fd, F_SETLK, stages_words_at(rs, rt) };

		memcpy(at->words, &range, sizeof(range));
		r = fault_at(FAULT_RESTORE_POSIX_LOCK);
		if (!r)
			r = call_in(rt->pid, regs, at->insn, SYS_fcntl, args,
				    "set its POSIX file lock (EAGAIN: somebody else has locked the file)");
	}
	return r;
}

/* Where its restorer is, it has told through the stages; by now its own memory is complete. */
static int unmap_restorer(struct restore *rs, struct rtask *rt)
{
	const struct stages_place *at = stages_place(rs, rt);
	const uint64_t unmap[6] = { at->base, at->size };
	const uint64_t close[6] = { (uint64_t)at->close_from, ~0u, 0 };
	struct arch_regs regs;
	int r = fault_at(FAULT_RESTORE_UNMAP);

	if (!r)
		r = arch_regs_get(rt->pid, &regs);
	if (r < 0)
		return err_task(rt->pid, r, "read its registers");
	if (at->close_from >= 0)
		r = call_in(rt->pid, &regs, at->insn, SYS_close_range, close, "close our descriptors in it");
	if (!r)
		r = set_posix_locks(rs, rt, &regs);
	if (!r)
		r = call_in(rt->pid, &regs, at->insn, SYS_munmap, unmap, "unmap the restorer");
	if (!r) {
		r = compel_settle(rt->pid);
		if (r < 0)
			return err_task(rt->pid, r, "stop it behind the restorer");
	}
	return r;
}

static int set_thread(const struct rthread *th)
{
	struct arch_thread regs = { .fpu = NULL };
	const char *why;
	int r = fault_at(FAULT_RESTORE_REGS);

	if (!r)
		r = arch_thread_from_image(th->core, &regs, &why);
	if (!r)
		r = arch_thread_set(th->tid, &regs);
	arch_thread_free(&regs);
	return r < 0 ? err_task(th->tid, r, "set its registers") : 0;
}

static uint64_t mask_of(const struct rthread *th)
{
	return th->core->tc ? th->core->tc->blk_sigset : th->core->thread_core->blk_sigset;
}

static int set_mask(const struct rthread *th)
{
	uint64_t mask = mask_of(th);
	int r = fault_at(FAULT_RESTORE_SIGMASK);

	if (!r)
		r = (int)neg_errno(ptrace(PTRACE_SETSIGMASK, th->tid, (void *)sizeof(mask), &mask));
	return r < 0 ? err_task(th->tid, r, "set its signal mask") : 0;
}

static int set_task(struct rtask *rt)
{
	size_t k;
	int r = 0;

	for (k = 0; !r && k < rt->n_threads; k++) {
		r = set_thread(&rt->threads[k]);
		if (!r)
			r = set_mask(&rt->threads[k]);
	}
	return r;
}

/* --- stopped ones -------------------------------------------------------------------------------------------- */

/* The signal that stops @rt; 0: it runs. */
static int stop_signal(const struct restore *rs, const struct rtask *rt)
{
	if (!rtask_is_live(rt))
		return 0;
	if (rt->state == TASK_STOPPED)
		return rt->core->tc->has_stop_signo ? (int)rt->core->tc->stop_signo : SIGSTOP;
	return rs->opt->leave_stopped ? SIGSTOP : 0;
}

static int run_to_stop(pid_t tid, int sig)
{
	if (ptrace(PTRACE_CONT, tid, NULL, (void *)(long)sig) < 0)
		return err_task(tid, -errno, "let it stop");
	return wait_stop(tid);
}

/*
 * Bring the whole process to a stop of job control while all its signals are still blocked: a
 * pending one must not get its handler begun before. No instruction of the task runs on the way, for a signal
 * is taken before the return to user mode. SIGSTOP cannot be blocked; in its place the leader is then
 * given the signal that the parent shall see.
 */
static int stop_task(const struct rtask *rt, int sig)
{
	const uint64_t all_but_sig = ~(1ull << (sig - 1));
	size_t k;
	int r;

	if (ptrace(PTRACE_SETSIGMASK, rt->pid, (void *)sizeof(all_but_sig), &all_but_sig) < 0 ||
	    syscall(SYS_tgkill, rt->pid, rt->pid, SIGSTOP) < 0)
		return err_task(rt->pid, -errno, "stop it");
	r = run_to_stop(rt->pid, 0);   /* about to take SIGSTOP */
	if (!r)
		r = run_to_stop(rt->pid, sig); /* stopped */
	for (k = 1; !r && k < rt->n_threads; k++)
		r = run_to_stop(rt->threads[k].tid, 0);
	return r;
}

static bool has_stopped_child(const struct restore *rs, const struct rtask *rt)
{
	const struct rtask *child;

	list_for_each (child, &rt->children, siblings)
		if (stop_signal(rs, child))
			return true;
	return false;
}

static bool has_pending_sigchld(const struct rtask *rt)
{
	const struct SignalQueueEntry *q = rt->core->tc->signals_s;
	size_t i;

	for (i = 0; q && i < q->n_signals; i++)
		if (*(const int32_t *)(const void *)q->signals[i]->siginfo.data == SIGCHLD)
			return true;
	return false;
}

/* The stop of a child has just told its parent, which knew before the dump. */
static int forget_sigchld(struct restore *rs, const struct rtask *rt)
{
	struct stages_place *at = stages_place(rs, rt);
	const uint64_t words = stages_words_at(rs, rt);
	/* The set; the time to wait, none. */
	const uint64_t args[6] = { words, 0, words + sizeof(uint64_t), sizeof(uint64_t) };
	struct arch_regs regs;
	long ret;
	int r;

	if (!has_stopped_child(rs, rt) || has_pending_sigchld(rt))
		return 0;
	at->words[0] = 1ull << (SIGCHLD - 1);
	at->words[1] = at->words[2] = 0;
	r = arch_regs_get(rt->pid, &regs);
	if (!r)
		r = compel_syscall_at(rt->pid, &regs, at->insn, SYS_rt_sigtimedwait, args, &ret);
	return r < 0 ? err_task(rt->pid, r, "take back a signal about its children") : 0;
}

int finish_threads(struct restore *rs)
{
	size_t i;
	int r = 0;

	/* Children first: see forget_sigchld(). */
	for (i = rs->n_tasks; !r && i-- > 0;) {
		struct rtask *rt = rs->tasks[i];

		if (!rtask_is_live(rt))
			continue;
		r = forget_sigchld(rs, rt);
		if (!r)
			r = unmap_restorer(rs, rt);
		if (!r && stop_signal(rs, rt))
			r = stop_task(rt, stop_signal(rs, rt));
		if (!r)
			r = set_task(rt);
	}
	return r;
}

/* --- letting go ------------------------------------------------------------------------------------------- */

/*
 * The tree is complete: from here on our end must not be its end. Nobody is woken by that, so nobody takes the CPU
 * from us in between.
 */
static void let_outlive_us(struct restore *rs)
{
	size_t i, k;

	restore_for_each_task (i, rs) {
		const struct rtask *rt = rs->tasks[i];

		for (k = 0; rtask_is_live(rt) && k < rt->n_threads; k++)
			(void)ptrace(PTRACE_SETOPTIONS, rt->threads[k].tid, NULL, (void *)(seize_options(rs) & ~PTRACE_O_EXITKILL));
	}
}

void finish_release(struct restore *rs)
{
	size_t i, k;

	let_outlive_us(rs);
	/* Children first: a parent that runs sees its children as they were. */
	for (i = rs->n_tasks; i-- > 0;) {
		const struct rtask *rt = rs->tasks[i];

		if (!rtask_is_live(rt))
			continue;
		for (k = rt->n_threads; k-- > 0;)
			(void)ptrace(PTRACE_DETACH, rt->threads[k].tid, NULL, NULL);
	}
}

/* --- the other way out ------------------------------------------------------------------------------------- */

static void reap(pid_t pid)
{
	for (;;) {
		int status;
		pid_t r = waitpid(pid, &status, __WALL);

		/* A dying tracee may still report a stop; the end comes after it. */
		if (r < 0 && errno != EINTR)
			return;
		if (r > 0 && !WIFSTOPPED(status))
			return;
	}
}

/* Is it ours to wait for? Then nobody else can have its pid. */
static bool is_ours(pid_t pid)
{
	siginfo_t si;

	return !waitid(P_PID, (id_t)pid, &si, WEXITED | WNOHANG | WNOWAIT | __WALL);
}

/*
 * Everybody is killed at once; then parents are reaped before children, which come to us (a
 * subreaper meanwhile) when their parent is gone. No pid can be given anew before it is reaped. Who was
 * just being forked is not known to be there yet: it finds the restore failed, and is met in the second round.
 */
void finish_kill(struct restore *rs)
{
	size_t i, k;

	stages_fail(rs->stages);
	restore_for_each_task (i, rs)
		if (stages_is_created(rs, rs->tasks[i]))
			(void)kill(rs->tasks[i]->pid, SIGKILL);
	restore_for_each_task (i, rs) {
		const struct rtask *rt = rs->tasks[i];

		if (!is_ours(rt->pid))
			continue;
		(void)kill(rt->pid, SIGKILL);
		for (k = 1; k < rt->n_threads; k++)
			reap(rt->threads[k].tid);
		reap(rt->pid);
		reap(rt->pid); /* once as its tracer, once as its parent */
	}
}
