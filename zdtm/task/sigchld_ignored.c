// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "SIGCHLD ignored: children that were there live on, and are reaped by the kernel when they end");

static void one(void *arg)
{
	checkpoint_and_restore();
}

void test(void)
{
	pid_t pid = child(one, NULL);
	int status;

	signal(SIGCHLD, SIG_IGN);
	checkpoint_and_restore();
	child_go(pid);
	ok_errno(waitpid(pid, &status, 0), ECHILD);
}
