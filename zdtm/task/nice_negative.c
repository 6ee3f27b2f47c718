// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/resource.h>

TEST(.does = "a nice value below zero", .as = ROOT);

void test(void)
{
	if (setpriority(PRIO_PROCESS, 0, -13) < 0)
		skip("cannot raise the priority here: %s", strerror(errno));
	checkpoint_and_restore();
	errno = 0;
	ok_eq(getpriority(PRIO_PROCESS, 0), -13);
}
