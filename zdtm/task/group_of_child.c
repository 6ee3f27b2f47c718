// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "children keep their process groups: one of its own, one joined, one inherited");

static void one(void *arg)
{
	pid_t group = *(pid_t *)arg;

	if (group >= 0)
		ok_sys(setpgid(0, group));
	group = getpgrp();
	checkpoint_and_restore();
	ok_eq(getpgrp(), group);
}

void test(void)
{
	pid_t own = 0, inherit = -1;
	pid_t a = child(one, &own);
	pid_t b = child(one, &a);
	pid_t c = child(one, &inherit);

	checkpoint_and_restore();
	ok_eq(getpgid(a), a);
	ok_eq(getpgid(b), a);
	ok_eq(getpgid(c), getpgrp());
	child_ok(a);
	child_ok(b);
	child_ok(c);
}
