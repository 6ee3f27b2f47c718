// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "transparent huge pages switched off for a process");

void test(void)
{
	if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) < 0)
		skip("PR_SET_THP_DISABLE: %s", strerror(errno));
	checkpoint_and_restore();
	ok_eq(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 1);
}
