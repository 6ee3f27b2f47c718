/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/task/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "base/err.h"

/* What a signal handler can write to: the one thing of this program that is global and changes. */
static volatile sig_atomic_t asked_to_stop, time_is_over;

/*
 * A signal that comes just before a blocking call would go unnoticed by it. So a pending
 * request interrupts again and again until it is dealt with.
 */
static const struct itimerval again_and_again = {
	.it_value.tv_usec = 20000,
	.it_interval.tv_usec = 20000,
};

static void take_note(int sig)
{
	int saved = errno;

	if (sig == SIGALRM && !asked_to_stop)
		time_is_over = 1;
	if (sig != SIGALRM) {
		asked_to_stop = 1;
		(void)setitimer(ITIMER_REAL, &again_and_again, NULL);
	}
	errno = saved;
}

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };

int interrupt_begin(void)
{
	/* No SA_RESTART: a wait has to end. */
	struct sigaction sa = { .sa_handler = take_note };

	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction old;

		if (sigaction(signals[i], NULL, &old) < 0)
			return -errno;
		/* nohup and background jobs of a shell ignore some: they stay ignored. */
		if (signals[i] != SIGALRM && old.sa_handler == SIG_IGN)
			continue;
		if (sigaction(signals[i], &sa, NULL) < 0)
			return -errno;
	}
	return 0;
}

void interrupt_end(void)
{
	interrupt_unlimit();
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction old;

		if (!sigaction(signals[i], NULL, &old) && old.sa_handler == take_note)
			(void)signal(signals[i], SIG_DFL);
	}
	asked_to_stop = 0;
}

int interrupt_limit(unsigned int seconds)
{
	struct itimerval it = again_and_again;

	time_is_over = 0;
	if (!seconds)
		return 0;
	it.it_value = (struct timeval){ .tv_sec = seconds };
	return setitimer(ITIMER_REAL, &it, NULL) < 0 ? -errno : 0;
}

void interrupt_unlimit(void)
{
	static const struct itimerval off;

	(void)setitimer(ITIMER_REAL, &off, NULL);
	time_is_over = 0;
}

int interrupt_pending(void)
{
	if (asked_to_stop)
		return -EINTR;
	if (time_is_over)
		return -ETIME;
	return 0;
}
