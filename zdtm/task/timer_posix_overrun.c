// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <poll.h>

/*
 * What a waiting signal has overrun the kernel counts in the timer, and tells only when the signal is taken:
 * timer_getoverrun() has the count of the last one taken, and PTRACE_PEEKSIGINFO shows si_overrun as 0 meanwhile. Nothing
 * sets a count either. So what came before the dump is lost from the count; the signal and the timer are not.
 */
TEST(.does = "a POSIX timer whose signal waits: the signal comes with its siginfo, and the timer goes on and counts anew");

static sigset_t sigs;

static void takes(int *id)
{
	siginfo_t si;

	ok_eq(sigwaitinfo(&sigs, &si), SIGRTMIN);
	ok_eq(si.si_code, SI_TIMER);
	ok_ptr(si.si_ptr, id);
}

void test(void)
{
	static int id;
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_ptr = &id };
	struct itimerspec set = { .it_interval.tv_nsec = 1000000, .it_value.tv_nsec = 1 }, is;
	double start;
	int n = 0;

	sigemptyset(&sigs);
	sigaddset(&sigs, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &sigs, NULL);
	ok_sys(syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &id));
	ok_sys(syscall(SYS_timer_settime, id, 0, &set, NULL));
	start = now(CLOCK_MONOTONIC);
	while (now(CLOCK_MONOTONIC) - start < 0.05)
		poll(NULL, 0, 5);
	checkpoint_and_restore();
	takes(&id);
	ok_sys(syscall(SYS_timer_gettime, id, &is));
	ok_eq(is.it_interval.tv_nsec, 1000000);

	/* It overruns again: 50 expirations in at most three signals. */
	start = now(CLOCK_MONOTONIC);
	while (now(CLOCK_MONOTONIC) - start < 0.05)
		poll(NULL, 0, 5);
	for (int i = 0; i < 3 && n < 40; i++) {
		takes(&id);
		n += ok_sys((int)syscall(SYS_timer_getoverrun, id));
	}
	ok_ge(n, 40);
}
