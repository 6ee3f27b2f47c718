/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Asking in a throw-away child. The child writes its answer into a pipe and ends; the parent
 * waits for the pipe, not for the child, so that a bound holds on every kernel.
 */
#include "kerndat/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"

#define BOUND_MS    1000
#define CHILD_STACK (64 * 1024)

struct errand {
	struct kd_answer (*fn)(void *arg);
	void *arg;
	int out, in;
};

static int child_main(void *p)
{
	const struct errand *e = p;
	const struct rlimit none = { 0, 0 };
	struct kd_answer a;

	/* A child of our own death: nobody waits for us any more. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &none);
	for (int sig = 1; sig < 32; sig++)
		signal(sig, SIG_DFL);
	close(e->in);

	a = e->fn(e->arg);
	if (write(e->out, &a, sizeof(a)) != sizeof(a))
		_exit(1);
	_exit(0);
}

static long ms_left(const struct timespec *end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (end->tv_sec - now.tv_sec) * 1000 + (end->tv_nsec - now.tv_nsec) / 1000000;
}

/* 0 with an answer, -ENODATA if the child ended without one, -ETIME. */
static int await(int fd, struct kd_answer *ret_answer)
{
	struct timespec end;
	size_t got = 0;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += BOUND_MS / 1000;

	while (got < sizeof(*ret_answer)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		long left = ms_left(&end);
		ssize_t r;

		r = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			return -ETIME;
		r = read(fd, (char *)ret_answer + got, sizeof(*ret_answer) - got);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			return -ENODATA;
		got += (size_t)r;
	}
	return 0;
}

static struct kd_answer lost_child(int r, int status)
{
	if (r == -ETIME)
		return kd_cannot_tell_why(ETIME, "the probe did not end in %d ms", BOUND_MS);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return kd_cannot_tell_why(0, "a seccomp filter killed the probe");
	if (WIFSIGNALED(status))
		return kd_cannot_tell_why(0, "the probe was killed by SIG%s",
					  sigabbrev_np(WTERMSIG(status)));
	return kd_cannot_tell(r);
}

struct kd_answer kd_in_child(struct kd_answer (*fn)(void *arg), void *arg, unsigned long clone_flags)
{
	char stack[CHILD_STACK] __attribute__((aligned(64)));
	struct errand e = { .fn = fn, .arg = arg };
	autofd int in = -1, out = -1;
	struct kd_answer a = { 0 };
	int pipefd[2], pid, status = 0, r;

	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return kd_cannot_tell_why(errno, "pipe2 for a child to ask in");
	e.in = in = pipefd[0];
	e.out = out = pipefd[1];

	/* No CLONE_VM: the child has a copy of this stack. Exit signal 0: the caller's SIGCHLD stays his. */
	pid = neg_errno(clone(child_main, stack + sizeof(stack), (int)clone_flags, &e));
	if (pid < 0)
		return kd_cannot_tell_why(pid, "clone of a child to ask in");
	close(take_fd(&out));

	r = await(in, &a);
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;

	if (r < 0)
		return lost_child(r, status);
	if (a.state < KD_YES || a.state > KD_CANNOT_TELL)
		return kd_cannot_tell(EBADMSG);
	a.why[sizeof(a.why) - 1] = 0;
	return a;
}

/* --- a tracee ---------------------------------------------------------------------------------- */

struct tracer {
	int (*prepare)(void);
	struct kd_answer (*fn)(int tid, void *arg);
	void *arg;
};

static int tracee_main(void *p)
{
	const struct tracer *t = p;
	int r;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	r = t->prepare ? t->prepare() : 0;
	if (r < 0)
		_exit(-r & 0x7f);
	/* Seized by now or later: the stop is reported either way. */
	raise(SIGSTOP);
	_exit(0);
}

/* Runs in the throw-away child, which is the tracer: its end takes the tracee along. */
static struct kd_answer trace_one(void *p)
{
	char stack[CHILD_STACK / 4] __attribute__((aligned(64)));
	struct tracer *t = p;
	struct kd_answer a;
	int tid, status = 0, r = 0;

	tid = neg_errno(clone(tracee_main, stack + sizeof(stack), 0, t));
	if (tid < 0)
		return kd_cannot_tell_why(tid, "clone of a child to trace");

	if (ptrace(PTRACE_SEIZE, tid, 0, PTRACE_O_EXITKILL) < 0 || waitpid(tid, &status, __WALL) < 0)
		r = -errno;
	if (r < 0)
		a = kd_cannot_tell_why(r, "ptrace of a child of our own");
	else if (WIFEXITED(status))
		a = kd_cannot_tell_why(WEXITSTATUS(status), "the tracee could not be prepared");
	else if (!WIFSTOPPED(status))
		a = kd_cannot_tell_why(0, "the tracee was killed");
	else
		a = t->fn(tid, t->arg);

	kill(tid, SIGKILL);
	(void)waitpid(tid, &status, __WALL); /* the tracer ends anyway */
	return a;
}

struct kd_answer kd_on_tracee(int (*prepare)(void), struct kd_answer (*fn)(int tid, void *arg), void *arg)
{
	struct tracer t = { prepare, fn, arg };

	return kd_in_child(trace_one, &t, 0);
}
