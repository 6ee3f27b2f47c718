// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "tasks map different parts of one shared anonymous memory, at different places, after partial munmap");

static char *area;

static void kid(void *arg)
{
	size_t page = page_size();
	char *here;

	/* Pages 2..3 at another place, the rest gone. */
	here = ok_map(mremap(area + 2 * page, 2 * page, 2 * page, MREMAP_MAYMOVE | MREMAP_FIXED, (char *)0x30000000));
	ok_zero(munmap(area, 2 * page));
	ok_zero(munmap(area + 4 * page, 4 * page));
	checkpoint_and_restore();
	ok_pattern(here, 2 * page, 2);
	here[page] = 'k';
}

void test(void)
{
	size_t page = page_size();
	pid_t pid;

	area = ok_map(mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	pattern(area + 2 * page, 2 * page, 2);
	pattern(area + 6 * page, page, 6);
	pid = child(kid, NULL);
	ok_zero(munmap(area, page));
	checkpoint_and_restore();
	ok_pattern(area + 2 * page, 2 * page, 2);
	ok_pattern(area + 6 * page, page, 6);
	child_ok(pid);
	ok_eq(area[3 * page], 'k');
}
