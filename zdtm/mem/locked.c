// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/mman.h>

TEST(.does = "memory locked by mlock() and on fault stays locked");

void test(void)
{
	size_t page = page_size();
	char *a = ok_map(mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	char *b = ok_map(mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	if (mlock(a, 3 * page) < 0)
		skip("mlock: %s", strerror(errno));
	a[0] = 'l';
	checkpoint_and_restore();
	ok(smaps_flag(a, "lo"));
	ok_eq(smaps_kb(a, "Locked"), 3 * (long)page / 1024);
	ok(!smaps_flag(b, "lo"));
	ok_eq(a[0], 'l');
}
