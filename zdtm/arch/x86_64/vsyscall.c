// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the vsyscall page, where the kernel has it, goes on to answer");

static bool has_page(void)
{
	return strstr(proc_read("/proc/self/maps"), "[vsyscall]");
}

void test(void)
{
	time_t (*vtime)(time_t *) = (void *)0xffffffffff600400;
	bool had = has_page();

	if (!had)
		skip("no vsyscall page here");
	checkpoint_and_restore();
	ok(has_page());
	ok_ge(vtime(NULL) + 5, time(NULL));
}
