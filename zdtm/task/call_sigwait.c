// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "sigtimedwait() with a time limit, and pause(), go on or return EINTR; the mask is right after");

static void timed(void *arg)
{
	struct timespec t = { 600, 0 };
	sigset_t set, now;
	int r;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	child_ready();
	while ((r = sigtimedwait(&set, NULL, &t)) < 0)
		ok_eq(errno, EINTR);
	ok_eq(r, SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	ok_eq(sigismember(&now, SIGUSR1), 1);
}

static volatile sig_atomic_t got;

static void on_usr1(int sig)
{
	got = 1;
}

static void pausing(void *arg)
{
	signal(SIGUSR1, on_usr1);
	child_ready();
	ok_errno(pause(), EINTR);
	ok_eq(got, 1);
}

void test(void)
{
	pid_t a = child(timed, NULL), b = child(pausing, NULL);

	wait_asleep(a);
	wait_asleep(b);
	checkpoint_and_restore();
	wait_asleep(b);
	ok_sys(kill(a, SIGUSR1));
	ok_sys(kill(b, SIGUSR1));
	child_ended(a);
	child_ended(b);
}
