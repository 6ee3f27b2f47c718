/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/task/interrupt.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

/* nohup and background jobs of a shell ignore some, others block some: they stay as they are. */
static int who_asks(const sigset_t *blocked, sigset_t *ret_set)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	sigemptyset(ret_set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction now;

		if (sigaction(signals[i], NULL, &now) < 0)
			return -errno;
		if (now.sa_handler != SIG_IGN && !sigismember(blocked, signals[i]))
			sigaddset(ret_set, signals[i]);
	}
	return 0;
}

static void forget(const sigset_t *set)
{
	static const struct timespec now;

	while (sigtimedwait(set, NULL, &now) > 0)
		;
}

int interrupt_begin(struct interrupt *in)
{
	sigset_t all;
	int r;

	sigprocmask(SIG_BLOCK, NULL, &in->old);
	r = who_asks(&in->old, &in->stop);
	if (r < 0)
		return r;

	all = in->stop;
	sigaddset(&all, SIGALRM);
	sigaddset(&all, SIGCHLD);
	/* Ignored, it would not be sent. */
	(void)signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &all, NULL);
	in->fd = neg_errno(signalfd(-1, &all, SFD_CLOEXEC));
	if (in->fd < 0)
		sigprocmask(SIG_SETMASK, &in->old, NULL);
	return in->fd < 0 ? in->fd : 0;
}

void interrupt_end(struct interrupt *in)
{
	interrupt_unlimit();
	forget(&in->stop);
	own_close(&in->fd);
	sigprocmask(SIG_SETMASK, &in->old, NULL);
}

void interrupt_limit(unsigned int seconds)
{
	(void)alarm(seconds);
}

void interrupt_unlimit(void)
{
	sigset_t set;

	(void)alarm(0);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	forget(&set);
}

int interrupt_pending(const struct interrupt *in)
{
	sigset_t now;

	sigpending(&now);
	if (sigismember(&now, SIGALRM))
		return -ETIME;
	sigandset(&now, &now, &in->stop);
	return sigisemptyset(&now) ? 0 : -EINTR;
}
