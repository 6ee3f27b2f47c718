// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a POSIX timer goes on to signal the one thread it is for (SIGEV_THREAD_ID)");

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static int id;

static void one(void *arg)
{
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	struct itimerspec set = { .it_value = { 3000, 0 } };
	sigset_t sigs;
	siginfo_t si;

	sigemptyset(&sigs);
	sigaddset(&sigs, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &sigs, NULL);
	ev.sigev_notify_thread_id = gettid_();
	ok_sys(syscall(SYS_timer_create, CLOCK_MONOTONIC, &ev, &id));
	ok_sys(syscall(SYS_timer_settime, id, 0, &set, NULL));
	thread_wait();
	ok_eq(sigwaitinfo(&sigs, &si), SIGUSR1);
	ok_eq(si.si_code, SI_TIMER);
}

void test(void)
{
	struct itimerspec now = { .it_value.tv_nsec = 1 };
	pthread_t t = thread(one, NULL);

	/* The main thread has SIGUSR1 open and would die of it. */
	checkpoint_and_restore();
	ok_sys(syscall(SYS_timer_settime, id, 0, &now, NULL));
	threads_go();
	thread_ok(t);
}
