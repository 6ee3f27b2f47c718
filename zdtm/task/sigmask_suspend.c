// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "in sigsuspend() both masks are kept: the one that waits, and the one that comes back after");

static volatile sig_atomic_t got;

static void on_usr1(int sig)
{
	got = sig;
}

static void one(void *arg)
{
	sigset_t outer, inner, now;

	signal(SIGUSR1, on_usr1);
	signal(SIGUSR2, on_usr1);
	sigemptyset(&outer);
	sigaddset(&outer, SIGUSR1);
	sigaddset(&outer, SIGHUP);
	sigaddset(&outer, SIGTERM);
	ok_sys(sigprocmask(SIG_SETMASK, &outer, NULL));
	sigemptyset(&inner);
	sigaddset(&inner, SIGUSR2);
	child_ready();
	ok_errno(sigsuspend(&inner), EINTR);
	ok_eq(got, SIGUSR1);
	ok_sys(sigprocmask(SIG_SETMASK, NULL, &now));
	ok_eq(sigismember(&now, SIGUSR1), 1);
	ok_eq(sigismember(&now, SIGHUP), 1);
	ok_eq(sigismember(&now, SIGUSR2), 0);
}

void test(void)
{
	pid_t pid = child(one, NULL);

	wait_asleep(pid);
	checkpoint_and_restore();
	wait_asleep(pid);
	ok_sys(kill(pid, SIGUSR1));
	child_ended(pid);
}
