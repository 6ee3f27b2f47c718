// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "private anonymous memory keeps its bytes, its holes and its place");

enum { PAGES = 64 };

void test(void)
{
	size_t page = page_size();
	char *p = ok_map(mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	for (int i = 0; i < PAGES; i += 3)
		pattern(p + i * page, page, i);
	checkpoint_and_restore();
	for (int i = 0; i < PAGES; i++)
		if (i % 3 == 0)
			ok_pattern(p + i * page, page, i);
		else
			for (size_t k = 0; k < page; k++)
				ok_eq(p[i * page + k], 0);
}
