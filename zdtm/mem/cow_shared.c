// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "pages that parent and child share copy-on-write stay shared: one page costs one page");

/* Which physical page: hidden from who is not root, then Pss tells the same, less exactly. */
enum { PAGES = 2048 };

static char *area;

static void kid(void *arg)
{
	size_t page = page_size();

	/* A quarter becomes the child's own. */
	for (int i = 0; i < PAGES / 4; i++)
		area[i * page] = 'k';
	checkpoint_and_restore();
	for (int i = 0; i < PAGES; i++)
		ok_eq(area[i * page], i < PAGES / 4 ? 'k' : 'p');
	ok_eq(smaps_kb(area, "Rss"), PAGES * (long)page / 1024);
	/* Own pages count whole, shared ones half. */
	ok_le(smaps_kb(area, "Pss"), PAGES * (long)page / 1024 * 66 / 100 + 64);
	/* Writing must not be seen by the parent. */
	area[(PAGES - 1) * page] = 'c';
}

void test(void)
{
	size_t page = page_size();
	pid_t pid;

	area = ok_map(mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	madvise(area, PAGES * page, MADV_NOHUGEPAGE);
	for (int i = 0; i < PAGES; i++)
		area[i * page] = 'p';
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_le(smaps_kb(area, "Pss"), PAGES * (long)page / 1024 * 66 / 100 + 64);
	child_ok(pid);
	for (int i = 0; i < PAGES; i++)
		ok_eq(area[i * page], 'p');
}
