// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "PR_SET_KEEPCAPS: capabilities survive the change of user that comes after the restore", .as = ROOT);

void test(void)
{
	ok_sys(prctl(PR_SET_KEEPCAPS, 1));
	checkpoint_and_restore();
	ok_eq(prctl(PR_GET_KEEPCAPS), 1);
	ok_sys(setresuid(1234, 1234, 1234));
	ok_ne(strtoull(proc_field("CapPrm", "/proc/self/status"), NULL, 16), 0);
}
