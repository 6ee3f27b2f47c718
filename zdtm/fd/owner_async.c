// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "O_ASYNC goes on to signal without being set again");

void test(void)
{
	sigset_t set;
	siginfo_t si;
	int p[2];

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 4);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ok_sys(pipe(p));
	ok_sys(fcntl(p[0], F_SETOWN, getpid()));
	ok_sys(fcntl(p[0], F_SETSIG, SIGRTMIN + 4));
	ok_sys(fcntl(p[0], F_SETFL, O_ASYNC));
	checkpoint_and_restore();
	ok_eq(fcntl(p[0], F_GETFL) & O_ASYNC, O_ASYNC);
	ok_eq(write(p[1], "x", 1), 1);
	ok_eq(sigtimedwait(&set, &si, &(struct timespec){ 5, 0 }), SIGRTMIN + 4);
}
