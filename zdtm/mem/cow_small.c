// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "in a small process, too, pages that parent and child share stay shared, and those that differ keep their content");

/* So few that criu compares them before it forks. */
enum { PAGES = 96 };

static char *area;

/* What the child has in page @i: its own, none, one with the parent's content, or still the parent's. */
static char childs(int i)
{
	return i % 4 == 0 ? 'k' : i % 16 == 1 ? 0 : 'p';
}

static void kid(void *arg)
{
	size_t page = page_size();

	for (int i = 0; i < PAGES; i++) {
		if (i % 4 == 0)
			area[(i + 1) * page - 1] = 'k';
		else if (i % 16 == 1)
			madvise(area + i * page, page, MADV_DONTNEED);
		else if (i % 4 == 2)
			*(volatile char *)(area + i * page) = 'p';
	}
	checkpoint_and_restore();
	for (int i = 0; i < PAGES; i++) {
		ok_eq(area[(i + 1) * page - 1], childs(i));
		ok_eq(area[i * page], i % 16 == 1 ? 0 : 'p');
	}
	/* Half of what is left is shared; after a restore also what the child had written without a change. */
	ok_le(smaps_kb(area, "Pss"), PAGES * (long)page / 1024 * 85 / 100);
	/* Writing must not be seen by the parent. */
	memset(area, 'c', PAGES * page);
}

void test(void)
{
	size_t page = page_size();
	pid_t pid;

	area = ok_map(mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	madvise(area, PAGES * page, MADV_NOHUGEPAGE);
	memset(area, 'p', PAGES * page);
	pid = child(kid, NULL);
	checkpoint_and_restore();
	child_ok(pid);
	for (size_t i = 0; i < PAGES * page; i++)
		ok_eq(area[i], 'p');
}
