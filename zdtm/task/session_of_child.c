// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a child with a session of its own keeps it, and its group");

static void leader(void *arg)
{
	ok_eq(setsid(), getpid());
	checkpoint_and_restore();
	ok_eq(getsid(0), getpid());
	ok_eq(getpgrp(), getpid());
}

void test(void)
{
	pid_t pid = child(leader, NULL);

	checkpoint_and_restore();
	ok_eq(getsid(pid), pid);
	ok_eq(getpgid(pid), pid);
	ok_eq(getsid(0), getpid());
	child_ok(pid);
}
