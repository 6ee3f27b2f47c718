// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "memory in transparent huge pages keeps its bytes and its advice");

void test(void)
{
	size_t huge = 2 << 20, size = 4 * huge;
	char *p = ok_map(mmap(NULL, size + huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	p = (char *)(((uintptr_t)p + huge - 1) & ~(huge - 1));
	if (madvise(p, size, MADV_HUGEPAGE) < 0)
		skip("no transparent huge pages here: %s", strerror(errno));
	pattern(p, size, 2);
	memset(p + huge, 0, huge);
	ok_zero(madvise(p + 3 * huge + huge / 2, page_size(), MADV_DONTNEED));
	checkpoint_and_restore();
	ok(smaps_flag(p, "hg"));
	ok_pattern(p, huge, 2);
	for (size_t i = 0; i < huge; i += 8)
		ok_eq(*(uint64_t *)(p + huge + i), 0);
	ok_eq(p[3 * huge + huge / 2 + 1], 0);
	ok_ne(p[3 * huge + huge / 2 - 1], 0);
}
