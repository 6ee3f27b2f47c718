// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "PR_SET_DUMPABLE off stays off; a child's on stays on");

static void kid(void *arg)
{
	ok_sys(prctl(PR_SET_DUMPABLE, 1));
	checkpoint_and_restore();
	ok_eq(prctl(PR_GET_DUMPABLE), 1);
}

void test(void)
{
	pid_t pid = child(kid, NULL);

	ok_sys(prctl(PR_SET_DUMPABLE, 0));
	checkpoint_and_restore();
	ok_eq(prctl(PR_GET_DUMPABLE), 0);
	child_ok(pid);
}
