// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "32-bit parent and child, blocked in calls", .needs = "compat_cr");

static int in;

static void kid(void *arg)
{
	char c;

	child_ready();
	ok_eq(read(in, &c, 1), 1);
	ok_eq(c, 'c');
	wait_for_word();
}

void test(void)
{
	pid_t pid;
	int p[2];

	ok_sys(pipe(p));
	in = p[0];
	pid = child(kid, NULL);
	wait_asleep(pid);
	checkpoint_and_restore();
	ok_eq(write(p[1], "c", 1), 1);
	child_ok(pid);
}
