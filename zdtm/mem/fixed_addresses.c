// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "mappings at the lowest and highest addresses a task may have");

/* Where a mapping of one page can be; found by asking. */
static char *lowest(void)
{
	for (uintptr_t a = page_size(); a < 1 << 22; a += page_size()) {
		void *p = mmap((void *)a, page_size(), PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		if (p == (void *)a)
			return p;
		if (p != MAP_FAILED)
			munmap(p, page_size());
	}
	skip("no low address is free");
}

static char *highest(void)
{
	uintptr_t a = (uintptr_t)__builtin_frame_address(0) | 0xffffff;

	/* From far above the stack down, the first that the kernel takes. */
	for (a = (a + 1) * 4; a; a = a / 4 * 3) {
		uintptr_t at = a & ~(page_size() - 1);
		void *p = mmap((void *)at, page_size(), PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		if (p == (void *)at)
			return p;
	}
	return NULL;
}

void test(void)
{
	char *low = lowest(), *high = highest();

	strcpy(low, "low");
	strcpy(high, "high");
	checkpoint_and_restore();
	ok_str(low, "low");
	ok_str(high, "high");
}
