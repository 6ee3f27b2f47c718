// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Waiting for tracees, and what their stops mean. No wait looks at a clock: each ends with what it waits for, and
 * those that may take long by a signal, too.
 */
#include "compel/victim.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"

/* ---- signals ------------------------------------------------------------------------------------ */

int signals_next(int signals)
{
	struct signalfd_siginfo si;

	if (read(signals, &si, sizeof(si)) != sizeof(si))
		return -errno;
	if (si.ssi_signo == SIGCHLD)
		return 0;
	/* Pending it stays, for whoever blocks it and asks. */
	(void)raise((int)si.ssi_signo);
	return -EINTR;
}

/* ---- stops -------------------------------------------------------------------------------------- */

static int dead(struct victim_thread *t)
{
	t->is_dead = true;
	return -ESRCH;
}

/* 1: nothing has changed (WNOHANG in @flags). */
static int wait_once(struct victim_thread *t, int flags, int *ret_status)
{
	int status;
	pid_t r;

	if (t->is_dead)
		return -ESRCH;
	r = waitpid(t->tid, &status, __WALL | flags);
	if (r < 0)
		return errno == ECHILD ? dead(t) : -errno;
	if (r == 0)
		return 1;
	if (!WIFSTOPPED(status))
		return dead(t);

	*ret_status = status;
	return 0;
}

int tracee_wait(struct victim_thread *t, int *ret_status)
{
	int r;

	do {
		r = wait_once(t, 0, ret_status);
	} while (r == -EINTR);

	return r;
}

int tracee_await(const struct victim *v, struct victim_thread *t, int *ret_status)
{
	int r;

	if (v->signals < 0)
		return tracee_wait(t, ret_status);

	/* Asked first: one SIGCHLD may have told of several, and is gone. */
	do {
		r = wait_once(t, WNOHANG, ret_status);
		if (r <= 0)
			return r;
		r = signals_next(v->signals);
	} while (r == 0);

	return r;
}

bool tracee_is_event_stop(int status)
{
	return status >> 16 == PTRACE_EVENT_STOP;
}

bool tracee_is_exit_stop(int status)
{
	return status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8);
}

int tracee_pass(struct victim_thread *t, int status, int request)
{
	int sig = 0;

	if (tracee_is_exit_stop(status)) {
		(void)ptrace(PTRACE_CONT, t->tid, 0, 0);
		return dead(t);
	}

	/* Of the signals that we have blocked only SIGSTOP comes through; others are faults. */
	if (!tracee_is_event_stop(status) && WSTOPSIG(status) != (SIGTRAP | 0x80)) {
		sig = WSTOPSIG(status);
		if (sig != SIGSTOP) {
			/* Not delivered; it stops again before its next instruction. */
			(void)tracee_interrupt(t->tid);
			(void)ptrace(PTRACE_CONT, t->tid, 0, 0);
			return err_task(t->tid, -EFAULT, "run code in it; it got signal %d%s", sig,
					sig == SIGSYS ? " (syscall user dispatch or seccomp)" : "");
		}
	}

	if (ptrace((enum __ptrace_request)request, t->tid, 0, (void *)(long)sig) < 0)
		return -errno;

	return 0;
}

int tracee_interrupt(pid_t tid)
{
	return ptrace(PTRACE_INTERRUPT, tid, 0, 0) < 0 ? -errno : 0;
}

int tracee_settle(struct victim_thread *t)
{
	int status = 0, r;

	for (;;) {
		r = tracee_wait(t, &status);
		if (r < 0)
			return r;
		if (tracee_is_event_stop(status))
			return 0;
		r = tracee_pass(t, status, PTRACE_CONT);
		if (r < 0)
			return r;
	}
}
