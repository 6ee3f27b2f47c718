// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a part of shared memory that nobody maps at the moment keeps its bytes");

void test(void)
{
	size_t page = page_size();
	char *p = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)), *q;

	pattern(p, 4 * page, 9);
	ok_zero(munmap(p + 2 * page, 2 * page));
	checkpoint_and_restore();
	/* mremap() of a shared mapping makes the tail visible again. */
	q = ok_map(mremap(p, 2 * page, 4 * page, MREMAP_MAYMOVE));
	ok_pattern(q, 4 * page, 9);
}
