// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a child's actions are its own: the parent changed some after the fork");

static void first(int sig)
{
}

static void second(int sig)
{
}

static void one(void *arg)
{
	struct sigaction got;

	checkpoint_and_restore();
	ok_sys(sigaction(SIGUSR1, NULL, &got));
	ok_ptr(got.sa_handler, first);
	ok_sys(sigaction(SIGUSR2, NULL, &got));
	ok_ptr(got.sa_handler, SIG_IGN);
	ok_sys(sigaction(SIGHUP, NULL, &got));
	ok_ptr(got.sa_handler, SIG_DFL);
}

void test(void)
{
	struct sigaction got;
	pid_t pid;

	signal(SIGUSR1, first);
	signal(SIGUSR2, SIG_IGN);
	pid = child(one, NULL);
	signal(SIGUSR1, second);
	signal(SIGUSR2, SIG_DFL);
	signal(SIGHUP, first);
	checkpoint_and_restore();
	ok_sys(sigaction(SIGUSR1, NULL, &got));
	ok_ptr(got.sa_handler, second);
	ok_sys(sigaction(SIGUSR2, NULL, &got));
	ok_ptr(got.sa_handler, SIG_DFL);
	child_ok(pid);
}
