// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "who is told of input on a descriptor, and with which signal (F_SETOWN, F_SETSIG, O_ASYNC)");

void test(void)
{
	struct f_owner_ex own;
	sigset_t set;
	siginfo_t si;
	int p[2], q[2];

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 4);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ok_sys(pipe(p));
	ok_sys(pipe(q));
	ok_sys(fcntl(p[0], F_SETOWN, getpid()));
	ok_sys(fcntl(p[0], F_SETSIG, SIGRTMIN + 4));
	ok_sys(fcntl(p[0], F_SETFL, O_ASYNC | O_NONBLOCK));
	ok_sys(fcntl(q[0], F_SETOWN, -getpgrp()));
	checkpoint_and_restore();
	ok_eq(fcntl(p[0], F_GETSIG), SIGRTMIN + 4);
	ok_eq(fcntl(p[0], F_GETOWN), getpid());
	ok_sys(fcntl(q[0], F_GETOWN_EX, &own));
	ok_eq(own.type, F_OWNER_PGRP);
	ok_eq(own.pid, getpgrp());
	ok_eq(fcntl(q[1], F_GETOWN), 0);
	/* Armed anew: F_SETFL puts the description on the list of the pipe. */
	ok_sys(fcntl(p[0], F_SETFL, O_NONBLOCK));
	ok_sys(fcntl(p[0], F_SETFL, O_ASYNC | O_NONBLOCK));
	ok_eq(write(p[1], "x", 1), 1);
	ok_eq(sigwaitinfo(&set, &si), SIGRTMIN + 4);
	ok_eq(si.si_fd, p[0]);
}
