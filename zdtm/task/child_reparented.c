// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "a grandchild whose parent died stays the child of the subreaper that took it",
     .peer = "restore: it gives the child to the init of the pid namespace");

static void grandchild(void *arg)
{
	checkpoint_and_restore();
	ok_eq(getppid(), *(pid_t *)arg);
	/* Born in the session of a task that is no more. */
	ok_eq(getsid(0), getpgrp());
}

static int report;

static void middle(void *arg)
{
	pid_t root = getppid(), pid;

	ok_sys(setsid());
	pid = child(grandchild, &root);
	ok_eq(write(report, &pid, sizeof(pid)), sizeof(pid));
	checkpoint_and_restore();
}

void test(void)
{
	int p[2];
	pid_t mid, pid;

	ok_sys(prctl(PR_SET_CHILD_SUBREAPER, 1));
	ok_sys(pipe(p));
	report = p[1];
	mid = child(middle, NULL);
	ok_eq(read(p[0], &pid, sizeof(pid)), sizeof(pid));
	child_ok(mid);
	close(p[0]);
	close(p[1]);
	checkpoint_and_restore();
	child_ok(pid);
}
