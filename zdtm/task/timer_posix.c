// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a POSIX timer keeps its number, clock, signal, value, interval and rest");

void test(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2, .sigev_value.sival_ptr = (void *)0x1234567 };
	struct itimerspec set = { .it_interval = { 1000, 5 }, .it_value = { 2000, 7 } }, got;
	sigset_t sigs;
	siginfo_t si;
	int id;

	sigemptyset(&sigs);
	sigaddset(&sigs, SIGRTMIN + 2);
	sigprocmask(SIG_BLOCK, &sigs, NULL);
	ok_sys(syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &id));
	ok_sys(syscall(SYS_timer_settime, id, 0, &set, NULL));
	checkpoint_and_restore();
	ok_sys(syscall(SYS_timer_gettime, id, &got));
	ok_eq(got.it_interval.tv_sec, 1000);
	ok_eq(got.it_interval.tv_nsec, 5);
	ok_ge(got.it_value.tv_sec, 2000 - 120);
	ok_le(got.it_value.tv_sec, 2000);
	set = (struct itimerspec){ .it_value.tv_nsec = 1000000 };
	ok_sys(syscall(SYS_timer_settime, id, 0, &set, NULL));
	ok_eq(sigwaitinfo(&sigs, &si), SIGRTMIN + 2);
	ok_eq(si.si_code, SI_TIMER);
	ok_ptr(si.si_value.sival_ptr, 0x1234567);
	ok_eq(si.si_timerid, id);
}
