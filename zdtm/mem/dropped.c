// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "pages dropped by MADV_DONTNEED read as zeros, neighbours keep theirs");

void test(void)
{
	size_t page = page_size();
	char *p = ok_map(mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	pattern(p, 8 * page, 6);
	ok_zero(madvise(p + 2 * page, 3 * page, MADV_DONTNEED));
	char *want = malloc(8 * page);
	pattern(want, 8 * page, 6);
	memset(want + 2 * page, 0, 3 * page);
	checkpoint_and_restore();
	ok_mem(p, want, 8 * page);
}
