// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a deleted file inherited by a child is one file with one position");

static int fd;

static void kid(void *arg)
{
	char c;

	checkpoint_and_restore();
	ok_eq(read(fd, &c, 1), 1);
	ok_eq(c, 'b');
}

void test(void)
{
	pid_t pid;
	char c;

	fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	ok_eq(write(fd, "abc", 3), 3);
	ok_eq(lseek(fd, 1, SEEK_SET), 1);
	ok_sys(unlink("file"));
	pid = child(kid, NULL);
	checkpoint_and_restore();
	child_ok(pid);
	ok_eq(read(fd, &c, 1), 1);
	ok_eq(c, 'c');
}
