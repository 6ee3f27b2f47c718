// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "signals pending for the process keep their order, values, senders");

void test(void)
{
	union sigval v = { .sival_int = 77 };
	struct timespec none = {};
	sigset_t set;
	siginfo_t si;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ok_sys(sigqueue(getpid(), SIGUSR1, v));
	ok_sys(kill(getpid(), SIGUSR2));
	for (int i = 0; i < 5; i++) {
		v.sival_ptr = (void *)(0x1000000ul + i);
		ok_sys(sigqueue(getpid(), SIGRTMIN + 3, v));
	}
	checkpoint_and_restore();
	ok_eq(sigtimedwait(&set, &si, &none), SIGUSR1);
	ok_eq(si.si_code, SI_QUEUE);
	ok_eq(si.si_value.sival_int, 77);
	ok_eq(si.si_pid, getpid());
	ok_eq(si.si_uid, getuid());
	ok_eq(sigtimedwait(&set, &si, &none), SIGUSR2);
	ok_eq(si.si_code, SI_USER);
	ok_eq(si.si_pid, getpid());
	ok_eq(si.si_uid, getuid());
	for (int i = 0; i < 5; i++) {
		ok_eq(sigtimedwait(&set, &si, &none), SIGRTMIN + 3);
		ok_eq(si.si_code, SI_QUEUE);
		ok_ptr(si.si_value.sival_ptr, 0x1000000ul + i);
	}
	ok_errno(sigtimedwait(&set, &si, &none), EAGAIN);
}
