// SPDX-License-Identifier: LGPL-2.1-only
/*
 * System calls in a stopped thread, and the ways between home, trampoline and parasite.
 *
 * The order of every step keeps one rule: whenever we may die, the registers lead home. So they are
 * aimed before signals are blocked (the trampoline sets the mask back), and on the way back
 * the mask comes first and the registers last.
 */
#include "compel/victim.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/err.h"

#define ALL_SIGNALS (~0ull)

static int lost(struct victim *v, struct victim_thread *t, int r, const char *what)
{
	return err_task(v->pid, r, "%s thread %d", what, t->tid);
}

int thread_set_mask(pid_t tid, uint64_t mask)
{
	return ptrace(PTRACE_SETSIGMASK, tid, sizeof(mask), &mask) < 0 ? -errno : 0;
}

static bool is_syscall_stop(int status)
{
	return WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80);
}

/* From wherever it is stopped to its next syscall stop (entry or exit). */
static int run_to_syscall_stop(struct victim_thread *t)
{
	int status, r;

	if (ptrace(PTRACE_SYSCALL, t->tid, 0, 0) < 0)
		return -errno;

	for (;;) {
		r = tracee_wait(t, &status);
		if (r < 0)
			return r;
		if (is_syscall_stop(status))
			return 0;
		r = tracee_pass(t, status, PTRACE_SYSCALL);
		if (r < 0)
			return r;
	}
}

int thread_run_syscall(struct victim *v, struct victim_thread *t, long *ret)
{
	struct arch_regs regs;
	int r;

	r = run_to_syscall_stop(t);
	if (r == 0)
		r = run_to_syscall_stop(t);
	if (r == 0)
		r = arch_regs_get(t->tid, &regs);
	if (r < 0)
		return lost(v, t, r, "run a system call in");

	*ret = arch_regs_result(&regs);
	return 0;
}

int compel_syscall_at(pid_t tid, const struct arch_regs *regs, uint64_t pc, long nr,
		      const uint64_t args[6], long *ret)
{
	struct victim_thread t = { .tid = tid };
	struct arch_regs aimed = *regs;
	int r;

	arch_regs_aim(&aimed, pc, nr, args);
	r = arch_regs_set(tid, &aimed);
	if (r == 0)
		r = run_to_syscall_stop(&t);
	if (r == 0)
		r = run_to_syscall_stop(&t);
	if (r == 0)
		r = arch_regs_get(tid, &aimed);
	if (r == 0)
		*ret = arch_regs_result(&aimed);
	return r;
}

int compel_settle(pid_t tid)
{
	struct victim_thread t = { .tid = tid };
	int r;

	if (arch_has_whole_syscall_stop())
		return 0;
	r = tracee_interrupt(tid);
	if (r == 0 && ptrace(PTRACE_CONT, tid, 0, 0) < 0)
		r = -errno;
	return r < 0 ? r : tracee_settle(&t);
}

int remote_syscall(struct victim *v, struct victim_thread *t, uint64_t pc, long nr,
		   const uint64_t args[6], long *ret)
{
	struct arch_regs regs = t->regs;
	int r;

	r = thread_keep(v, t);
	if (r < 0)
		return r;
	arch_regs_aim(&regs, pc, nr, args);
	r = arch_regs_set(t->tid, &regs);
	if (r < 0)
		return lost(v, t, r, "set the registers of");

	if (t->where == AT_HOME) {
		t->where = AT_TRAMPOLINE;
		r = thread_set_mask(t->tid, ALL_SIGNALS);
		if (r < 0)
			return lost(v, t, r, "block the signals of");
	}

	return thread_run_syscall(v, t, ret);
}

int victim_syscall(struct victim *v, struct victim_thread *t, long nr, const uint64_t args[6],
		   long *ret)
{
	uint64_t pc;
	int r;

	if (!t)
		t = v->inf ? v->inf->host : victim_living(v);
	if (!t || t->is_dead)
		return refuse_task(v->pid, -ESRCH, "run a system call in it; the thread is dead");

	if (v->inf && t == v->inf->host)
		return inside_syscall(v, nr, args, ret);

	if (v->inf) {
		r = inside_trampoline(v, t, &pc);
		if (r == 0)
			r = remote_syscall(v, t, pc, nr, args, ret);
		/* The lane is needed for others. */
		return r < 0 ? r : thread_finish(v, t);
	}

	r = victim_may_run(v);
	if (r == 0)
		r = site_take(v, t);
	if (r < 0)
		return r;

	return remote_syscall(v, t, v->site->addr, nr, args, ret);
}

int thread_keep(struct victim *v, struct victim_thread *t)
{
	int r = t->where == AT_HOME && !t->kept ? arch_fpu_kept_get(t->tid, &t->kept) : 0;

	return r < 0 ? lost(v, t, r, "read the vector registers of") : 0;
}

int thread_home(struct victim *v, struct victim_thread *t)
{
	struct arch_regs home = t->regs;
	int r = thread_set_mask(t->tid, t->sigmask);

	if (r < 0)
		return lost(v, t, r, "set the signal mask of");

	/* It was stopped inside calls of the parasite. */
	if (t->has_ssp)
		(void)arch_shadow_stack_set(t->tid, t->ssp);
	t->has_ssp = false;

	if (t->kept)
		r = arch_fpu_set(t->tid, t->kept);
	arch_regs_fix_restart(&home, ARCH_RESTART_STOP);
	if (r == 0)
		r = arch_regs_set(t->tid, &home);
	if (r < 0)
		return lost(v, t, r, "set the registers of");

	free(t->kept);
	t->kept = NULL;
	t->where = AT_HOME;
	return 0;
}

/*
 * Behind the system call's exit stop the kernel would not restart the thread's own interrupted
 * call: it looks at that in the signal path only. So the thread takes the step to there.
 */
int thread_finish(struct victim *v, struct victim_thread *t)
{
	int r = tracee_interrupt(t->tid);

	/* ESRCH: it is dead, which waiting tells. */
	if (r == 0 && ptrace(PTRACE_CONT, t->tid, 0, 0) < 0 && errno != ESRCH)
		r = -errno;
	if (r == 0)
		r = tracee_settle(t);
	if (r < 0)
		return lost(v, t, r, "stop");

	return thread_home(v, t);
}
