// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "signals pending for one thread stay with it");

static sigset_t set;

static void one(void *arg)
{
	struct timespec none = {};
	siginfo_t si;

	pthread_sigmask(SIG_BLOCK, &set, NULL);
	thread_wait();
	if (arg) {
		/* Not by the C library, which shows SI_TKILL as SI_USER. */
		ok_eq(syscall(SYS_rt_sigtimedwait, &set, &si, &none, 8), SIGUSR1);
		ok_eq(si.si_code, SI_TKILL);
		ok_eq(sigtimedwait(&set, &si, &none), SIGRTMIN + 1);
		ok_eq(si.si_code, SI_QUEUE);
		ok_eq(si.si_value.sival_int, 12345);
	}
	ok_errno(sigtimedwait(&set, &si, &none), EAGAIN);
}

void test(void)
{
	union sigval v = { .sival_int = 12345 };
	struct timespec none = {};
	pthread_t with, without;
	siginfo_t si;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN + 1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	without = thread(one, NULL);
	with = thread(one, "");
	ok_pt(pthread_sigqueue(with, SIGRTMIN + 1, v));
	ok_pt(pthread_kill(with, SIGUSR1));
	checkpoint_and_restore();
	ok_errno(sigtimedwait(&set, &si, &none), EAGAIN);
	threads_go();
	thread_ok(with);
	thread_ok(without);
}
