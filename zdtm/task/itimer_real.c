// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/time.h>

TEST(.does = "ITIMER_REAL keeps its interval and what is left of it, and fires");

void test(void)
{
	struct itimerval set = { .it_interval = { 3600, 250000 }, .it_value = { 1800, 500000 } }, got;
	sigset_t alrm;
	int sig;

	sigemptyset(&alrm);
	sigaddset(&alrm, SIGALRM);
	sigprocmask(SIG_BLOCK, &alrm, NULL);
	ok_sys(setitimer(ITIMER_REAL, &set, NULL));
	checkpoint_and_restore();
	ok_sys(getitimer(ITIMER_REAL, &got));
	ok_eq(got.it_interval.tv_sec, 3600);
	ok_eq(got.it_interval.tv_usec, 250000);
	ok_ge(got.it_value.tv_sec, 1800 - 120);
	ok_le(got.it_value.tv_sec, 1800);
	set = (struct itimerval){ .it_value.tv_usec = 1000 };
	ok_sys(setitimer(ITIMER_REAL, &set, NULL));
	ok_zero(sigwait(&alrm, &sig));
}
