/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Asking in a throw-away child. The child writes its answer into a pipe and ends; the parent
 * waits for the pipe, not for the child, so that a bound holds on every kernel.
 */
#include "kerndat/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "kerndat/probe.h"
#include "kerndat/state.h"

#define CHILD_STACK (64 * 1024)

struct errand {
	void (*fn)(void *arg, int out);
	void *arg;
	int in, out;
	pid_t parent;
};

/* To end with the parent, also with one that ended before we could say so. */
static void end_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

static int child_main(void *p)
{
	static const int deadly[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS, SIGABRT, SIGPIPE, SIGTRAP, SIGCHLD };
	const struct rlimit none = { 0, 0 };
	const struct errand *e = p;

	end_with(e->parent);
	setrlimit(RLIMIT_CORE, &none);
	/* The caller's handlers are not for what happens here. */
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		signal(deadly[i], SIG_DFL);
	close(e->in);
	e->fn(e->arg, e->out);
	_exit(0);
}

int kd_child_start(struct kd_child *c, void (*fn)(void *arg, int out), void *arg)
{
	char stack[CHILD_STACK] __attribute__((aligned(64)));
	struct errand e = { .fn = fn, .arg = arg, .parent = getpid() };
	autofd int in = -1, out = -1;
	int fds[2], pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	e.in = in = fds[0];
	e.out = out = fds[1];

	/* No CLONE_VM: the child has a copy of this stack. Exit signal 0: the caller's SIGCHLD stays his. */
	pid = neg_errno(clone(child_main, stack + sizeof(stack), 0, &e));
	if (pid < 0)
		return pid;
	c->pid = pid;
	c->in = take_fd(&in);
	clock_gettime(CLOCK_MONOTONIC, &c->end);
	c->end.tv_sec += KD_BOUND_SECONDS;
	return 0;
}

static long ms_left(const struct timespec *end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (end->tv_sec - now.tv_sec) * 1000 + (end->tv_nsec - now.tv_nsec) / 1000000;
}

int kd_child_read(struct kd_child *c, void *buf, size_t size)
{
	size_t got = 0;

	while (got < size) {
		struct pollfd p = { .fd = c->in, .events = POLLIN };
		long left = ms_left(&c->end);
		ssize_t r;

		r = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			return -ETIME;
		r = read(c->in, (char *)buf + got, size - got);
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

pid_t kd_child_leave(struct kd_child *c)
{
	close(c->in);
	return c->pid;
}

int kd_child_reap(pid_t pid)
{
	int status = 0;

	if (!pid)
		return 0;
	kill(pid, SIGKILL); /* ours until it is reaped: no other can have the pid */
	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	return status;
}

int kd_child_end(struct kd_child *c)
{
	return kd_child_reap(kd_child_leave(c));
}

/* --- one question --------------------------------------------------------------------------------- */

struct question {
	struct kd_answer (*fn)(void *arg);
	void *arg;
};

static void answer_one(void *p, int out)
{
	const struct question *q = p;
	struct kd_answer a = q->fn(q->arg);

	/* A parent that is gone needs no answer. */
	(void)!write(out, &a, sizeof(a));
}

static struct kd_answer lost_child(int r, int status)
{
	if (r == -ETIME)
		return kd_cannot_tell_why(ETIME, "the probe did not end in %d seconds", KD_BOUND_SECONDS);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return kd_cannot_tell_why(0, "a seccomp filter killed the probe");
	if (WIFSIGNALED(status))
		return kd_cannot_tell_why(0, "the probe was killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
	return kd_cannot_tell(r);
}

bool kd_answer_is_sane(struct kd_answer *a)
{
	a->why[sizeof(a->why) - 1] = 0;
	return a->state >= KD_YES && a->state <= KD_CANNOT_TELL;
}

struct kd_answer kd_in_child(struct kerndat *kd, struct kd_answer (*fn)(void *arg), void *arg)
{
	struct question q = { fn, arg };
	struct kd_answer a = { 0 };
	struct kd_child c;
	int status, r;

	if (kd->in_lab)
		return fn(arg);

	r = kd_child_start(&c, answer_one, &q);
	if (r < 0)
		return kd_cannot_tell_why(r, "a child to ask in");
	r = kd_child_read(&c, &a, sizeof(a));
	status = kd_child_end(&c);
	if (r < 0)
		return lost_child(r, status);
	return kd_answer_is_sane(&a) ? a : kd_cannot_tell(EBADMSG);
}

/* --- a tracee --------------------------------------------------------------------------------------- */

static int tracee_main(void *arg)
{
	int r;

	end_with(*(const pid_t *)arg);
	r = kd_allow_all();
	if (r < 0)
		_exit(-r & 0x7f);
	/* Seized by now or later: the stop is reported either way. */
	raise(SIGSTOP);
	_exit(0);
}

/* It ends with its tracer, by PTRACE_O_EXITKILL. The tid, or -errno with *ret_answer filled. */
static int make_tracee(struct kd_answer *ret_answer)
{
	char stack[CHILD_STACK / 4] __attribute__((aligned(64)));
	pid_t us = getpid();
	int tid, status = 0;

	tid = neg_errno(clone(tracee_main, stack + sizeof(stack), 0, &us));
	if (tid < 0) {
		*ret_answer = kd_cannot_tell_why(tid, "clone of a child to trace");
		return tid;
	}
	if (ptrace(PTRACE_SEIZE, tid, 0, PTRACE_O_EXITKILL) < 0 || waitpid(tid, &status, __WALL) < 0) {
		int r = -errno;

		*ret_answer = kd_cannot_tell_why(r, "ptrace of a child of our own");
		kill(tid, SIGKILL);
		return r;
	}
	if (WIFSTOPPED(status))
		return tid;
	*ret_answer = WIFEXITED(status) ? kd_cannot_tell_why(WEXITSTATUS(status), "a filter for the tracee") :
					  kd_cannot_tell_why(0, "the tracee was killed");
	return -ESRCH;
}

struct trace {
	struct kerndat *kd; /* the child's own copy */
	struct kd_answer (*fn)(int tid, void *arg);
	void *arg;
};

static struct kd_answer trace_one(void *p)
{
	struct trace *t = p;
	struct kd_answer a;

	if (t->kd->lab_tracee <= 0) {
		int tid = make_tracee(&a);

		if (tid < 0)
			return a;
		t->kd->lab_tracee = tid;
	}
	return t->fn(t->kd->lab_tracee, t->arg);
}

struct kd_answer kd_on_tracee(struct kerndat *kd, struct kd_answer (*fn)(int tid, void *arg), void *arg)
{
	struct trace t = { kd, fn, arg };

	return kd_in_child(kd, trace_one, &t);
}
