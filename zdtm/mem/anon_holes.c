// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "untouched memory costs nothing after the restore either");

void test(void)
{
	size_t size = 1 << 30, page = page_size();
	char *p = ok_map(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));

	madvise(p, size, MADV_NOHUGEPAGE);
	p[0] = p[size / 2] = p[size - 1] = 1;
	ok_eq(smaps_kb(p, "Rss"), 3 * (long)page / 1024);
	checkpoint_and_restore();
	ok_eq(smaps_kb(p, "Rss"), 3 * (long)page / 1024);
	ok_eq(p[size / 2], 1);
	ok_eq(p[size / 2 + page], 0);
}
