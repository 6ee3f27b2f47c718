// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "private file mappings share changed pages between parent and child too");

enum { PAGES = 256 };

static char *area;

static void kid(void *arg)
{
	checkpoint_and_restore();
	ok_eq(area[0], 'x');
	ok_le(smaps_kb(area, "Pss"), (long)(PAGES * page_size() / 1024 * 6 / 10 + 64));
}

void test(void)
{
	size_t size = PAGES * page_size();
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	pid_t pid;

	ok_sys(ftruncate(fd, size));
	area = ok_map(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	close(fd);
	memset(area, 'x', size);
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_le(smaps_kb(area, "Pss"), (long)(size / 1024 * 6 / 10 + 64));
	child_ok(pid);
}
