// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "who is no child subreaper, child of one, does not become one");

static void inner(void *arg)
{
	int is;

	checkpoint_and_restore();
	ok_sys(prctl(PR_GET_CHILD_SUBREAPER, &is));
	ok_eq(is, 0);
}

void test(void)
{
	pid_t pid;

	ok_sys(prctl(PR_SET_CHILD_SUBREAPER, 1));
	pid = child(inner, NULL);
	checkpoint_and_restore();
	child_ok(pid);
}
