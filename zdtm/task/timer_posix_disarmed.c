// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a POSIX timer that is not armed stays so, and can be armed");

void test(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec got, set = { .it_value.tv_nsec = 1 };
	sigset_t sigs;
	int id, sig;

	sigemptyset(&sigs);
	sigaddset(&sigs, SIGUSR1);
	sigprocmask(SIG_BLOCK, &sigs, NULL);
	ok_sys(syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &id));
	checkpoint_and_restore();
	ok_sys(syscall(SYS_timer_gettime, id, &got));
	ok_eq(got.it_value.tv_sec, 0);
	ok_eq(got.it_value.tv_nsec, 0);
	ok_sys(syscall(SYS_timer_settime, id, 0, &set, NULL));
	ok_zero(sigwait(&sigs, &sig));
}
