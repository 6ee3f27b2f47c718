// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a process group outlives its leader: members keep the number of a dead task");

static void leader(void *arg)
{
	ok_sys(setpgid(0, 0));
	checkpoint_and_restore();
}

static void member(void *arg)
{
	pid_t group = *(pid_t *)arg;

	ok_sys(setpgid(0, group));
	checkpoint_and_restore();
	ok_eq(getpgrp(), group);
}

void test(void)
{
	pid_t lead = child(leader, NULL), a, b;

	a = child(member, &lead);
	b = child(member, &lead);
	child_ok(lead);
	checkpoint_and_restore();
	ok_errno(kill(lead, 0), ESRCH);
	ok_zero(kill(-lead, 0));
	ok_eq(getpgid(a), lead);
	child_ok(a);
	child_ok(b);
}
