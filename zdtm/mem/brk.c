// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the heap that brk() made keeps its end and its bytes, and grows on");

void test(void)
{
	size_t page = page_size();
	char *start = sbrk(0), *end;

	ok_ptr(sbrk(10 * page), start);
	pattern(start, 10 * page, 5);
	end = sbrk(0);
	checkpoint_and_restore();
	ok_ptr(sbrk(0), end);
	ok_pattern(start, 10 * page, 5);
	ok_ptr(sbrk(page), end);
	memset(end, 1, page);
	ok_ptr(sbrk(-(intptr_t)page), end + page);
}
