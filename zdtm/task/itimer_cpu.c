// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/time.h>

TEST(.does = "ITIMER_VIRTUAL and ITIMER_PROF keep interval and rest, and fire when CPU time was used");

static volatile sig_atomic_t virt, prof;

static void handler(int sig)
{
	if (sig == SIGVTALRM)
		virt++;
	else
		prof++;
}

void test(void)
{
	struct itimerval v = { .it_interval = { 0, 30000 }, .it_value = { 0, 50000 } };
	struct itimerval p = { .it_interval = { 700, 1000 }, .it_value = { 500, 0 } }, got;

	signal(SIGVTALRM, handler);
	signal(SIGPROF, handler);
	ok_sys(setitimer(ITIMER_VIRTUAL, &v, NULL));
	ok_sys(setitimer(ITIMER_PROF, &p, NULL));
	checkpoint_and_restore();
	ok_sys(getitimer(ITIMER_PROF, &got));
	ok_eq(got.it_interval.tv_sec, 700);
	ok_ge(got.it_value.tv_sec, 490);
	ok_le(got.it_value.tv_sec, 500);
	ok_sys(getitimer(ITIMER_VIRTUAL, &got));
	/* The kernel rounds intervals of CPU time up to its tick. */
	ok_ge(got.it_interval.tv_usec, 30000);
	ok_le(got.it_interval.tv_usec, 45000);
	while (virt < 2)
		;
	ok_eq(prof, 0);
}
