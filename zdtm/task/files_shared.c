// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sched.h>

TEST(.does = "two processes with one table of descriptors (CLONE_FILES) go on to share it");

static void one(void *arg)
{
	checkpoint_and_restore();
	/* Seen by the parent at once. */
	ok_eq(dup2(0, 77), 77);
}

void test(void)
{
	pid_t pid = child_clone(CLONE_FILES, one, NULL);

	checkpoint_and_restore();
	ok_errno(fcntl(77, F_GETFD), EBADF);
	child_ok(pid);
	ok_eq(fcntl(77, F_GETFD), 0);
}
