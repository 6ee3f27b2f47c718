// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "SIGCHLD keeps SA_NOCLDWAIT: a child that ends leaves no zombie");

void test(void)
{
	struct sigaction sa = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT | SA_NOCLDSTOP }, set, got;
	int status;
	pid_t pid;

	ok_sys(sigaction(SIGCHLD, &sa, NULL));
	ok_sys(sigaction(SIGCHLD, NULL, &set));
	checkpoint_and_restore();
	ok_sys(sigaction(SIGCHLD, NULL, &got));
	ok_eq(got.sa_flags, set.sa_flags);
	pid = ok_sys(fork());
	if (!pid)
		_exit(1);
	ok_errno(waitpid(pid, &status, 0), ECHILD);
}
