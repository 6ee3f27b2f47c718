// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a checkpoint three handlers deep: each returns to the one below, with its mask");

static volatile int depth;
static int trail[8], n;

static void handler(int sig)
{
	sigset_t now;

	depth++;
	if (sig == SIGUSR1)
		raise(SIGUSR2);
	else if (sig == SIGUSR2)
		raise(SIGHUP);
	else
		checkpoint_and_restore();
	sigprocmask(SIG_BLOCK, NULL, &now);
	ok_eq(sigismember(&now, SIGUSR1), 1);
	ok_eq(sigismember(&now, SIGUSR2), sig != SIGUSR1);
	ok_eq(sigismember(&now, SIGHUP), sig == SIGHUP);
	trail[n++] = sig;
}

void test(void)
{
	sigset_t now;

	signal(SIGUSR1, handler);
	signal(SIGUSR2, handler);
	signal(SIGHUP, handler);
	raise(SIGUSR1);
	ok_eq(depth, 3);
	ok_eq(n, 3);
	ok_eq(trail[0], SIGHUP);
	ok_eq(trail[1], SIGUSR2);
	ok_eq(trail[2], SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	ok_eq(sigismember(&now, SIGUSR1), 0);
}
