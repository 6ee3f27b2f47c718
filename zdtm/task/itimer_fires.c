// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/time.h>

TEST(.does = "a running ITIMER_REAL goes on to fire by itself");

static volatile sig_atomic_t n;

static void handler(int sig)
{
	n++;
}

void test(void)
{
	struct itimerval set = { .it_interval = { 0, 20000 }, .it_value = { 0, 20000 } };
	sigset_t none, alrm;

	sigemptyset(&alrm);
	sigaddset(&alrm, SIGALRM);
	signal(SIGALRM, handler);
	ok_sys(setitimer(ITIMER_REAL, &set, NULL));
	checkpoint_and_restore();
	sigprocmask(SIG_BLOCK, &alrm, NULL);
	sigemptyset(&none);
	sigaddset(&none, SIGTERM);
	n = 0;
	while (n < 5)
		sigsuspend(&none);
	ok_ge(n, 5);
}
