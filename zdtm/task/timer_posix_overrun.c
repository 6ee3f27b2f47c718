// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <poll.h>

TEST(.does = "a POSIX timer whose signal waits keeps counting what it overran",
     .peer = "it does not keep the overrun");

void test(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
	struct itimerspec set = { .it_interval.tv_nsec = 1000000, .it_value.tv_nsec = 1 };
	struct itimerspec stop = {};
	double start = now(CLOCK_MONOTONIC), took;
	sigset_t sigs;
	siginfo_t si;
	int id, n;

	sigemptyset(&sigs);
	sigaddset(&sigs, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &sigs, NULL);
	ok_sys(syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &id));
	ok_sys(syscall(SYS_timer_settime, id, 0, &set, NULL));
	while (now(CLOCK_MONOTONIC) - start < 0.05)
		poll(NULL, 0, 5);
	checkpoint_and_restore();
	ok_eq(sigwaitinfo(&sigs, &si), SIGRTMIN);
	ok_eq(si.si_code, SI_TIMER);
	n = ok_sys((int)syscall(SYS_timer_getoverrun, id));
	took = now(CLOCK_MONOTONIC) - start;
	ok_sys(syscall(SYS_timer_settime, id, 0, &stop, NULL));
	/* What came while it was on disk may or may not be counted; what came before must be there, once. */
	ok_ge(n, 45);
	ok_le(n, (int)(took * 1000) + 2);
}
