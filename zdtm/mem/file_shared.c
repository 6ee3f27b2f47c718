// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a shared file mapping goes on to write to its file, from two tasks and an offset");

static char *area;

static void kid(void *arg)
{
	checkpoint_and_restore();
	area[0] = 'K';
}

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	char c;
	pid_t pid;

	ok_sys(ftruncate(fd, 5 * page));
	area = ok_map(mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 3 * page));
	area[page] = 'b';
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_eq(area[page], 'b');
	child_ok(pid);
	ok_eq(area[0], 'K');
	ok_eq(pread(fd, &c, 1, 3 * page), 1);
	ok_eq(c, 'K');
	area[1] = 'R';
	ok_eq(pread(fd, &c, 1, 3 * page + 1), 1);
	ok_eq(c, 'R');
}
