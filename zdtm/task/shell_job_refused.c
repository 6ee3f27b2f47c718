// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the same without --shell-job is refused, and says which option helps",
     .outside = "terminal",
     .refused = "--shell-job");

void test(void)
{
	ok_ne(getsid(0), getpid());
	checkpoint_and_restore();
	ok(isatty(0));
}
