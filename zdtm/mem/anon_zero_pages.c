// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "pages that were only read cost no more after the restore; pages full of zeros read as zeros");

void test(void)
{
	size_t page = page_size(), size = 512 * page;
	char *p = ok_map(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	long before, sum = 0;

	madvise(p, size, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < size; at += page)
		sum += p[at];
	/* In the middle a page that was written, with zeros. */
	memset(p + 100 * page, 0, page);
	/* One page; or all, on a kernel that does not map its page of zeros. */
	before = smaps_kb(p, "Anonymous");
	checkpoint_and_restore();
	ok_le(smaps_kb(p, "Anonymous"), before);
	for (size_t at = 0; at < size; at += 8)
		sum += *(uint64_t *)(p + at) != 0;
	ok_eq(sum, 0);
}
