// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a mapping that grows down goes on to grow");

void test(void)
{
	size_t page = page_size();
	/* Room below it: the kernel keeps a gap of 256 pages to the next mapping. */
	char *room = ok_map(mmap(NULL, 1024 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)), *p;

	ok_zero(munmap(room, 1024 * page));
	p = ok_map(mmap(room + 1000 * page, 4 * page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED_NOREPLACE, -1, 0));
	memset(p, 'g', 4 * page);
	p[-1] = 'd';
	checkpoint_and_restore();
	ok(smaps_flag(p, "gd"));
	ok_eq(p[0], 'g');
	ok_eq(p[-1], 'd');
	p[-20 * (long)page] = 'e';
	ok_eq(p[-1], 'd');
	ok_eq(p[-20 * (long)page], 'e');
}
