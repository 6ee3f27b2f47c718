// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the umask is kept");

void test(void)
{
	umask(0137);
	checkpoint_and_restore();
	ok_eq(umask(0), 0137);
}
