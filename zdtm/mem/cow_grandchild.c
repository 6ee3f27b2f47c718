// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a page shared by three generations is one page; siblings share what their parent had");

enum { PAGES = 1024 };

static char *area;

static void grandchild(void *arg)
{
	checkpoint_and_restore();
	ok_eq(area[5], 'p');
	ok_le(smaps_kb(area, "Pss"), (long)(PAGES * page_size() / 1024 * 4 / 10 + 64));
}

static void kid(void *arg)
{
	pid_t pid = child(grandchild, NULL);

	checkpoint_and_restore();
	child_ok(pid);
}

void test(void)
{
	size_t size = PAGES * page_size();
	pid_t a, b;

	area = ok_map(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	madvise(area, size, MADV_NOHUGEPAGE);
	memset(area, 'p', size);
	a = child(kid, NULL);
	b = child(kid, NULL);
	checkpoint_and_restore();
	/* Root, two children, two grandchildren. */
	ok_le(smaps_kb(area, "Pss"), (long)(size / 1024 * 3 / 10 + 64));
	child_ok(a);
	child_ok(b);
}
