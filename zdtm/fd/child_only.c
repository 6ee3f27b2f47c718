// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a file open in one child, closed in all others; same numbers mean different files");

static void kid(void *arg)
{
	char name[2] = { *(char *)arg }, c;
	int fd = 20;

	ok_eq(dup2(ok_fd(open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600)), fd), fd);
	ok_eq(write(fd, name, 1), 1);
	checkpoint_and_restore();
	ok_eq(pread(fd, &c, 1, 0), 1);
	ok_eq(c, name[0]);
	ok_eq(lseek(fd, 0, SEEK_CUR), 1);
}

static void empty(void *arg)
{
	close(0);
	checkpoint_and_restore();
	ok_errno(fcntl(0, F_GETFD), EBADF);
	ok_errno(fcntl(20, F_GETFD), EBADF);
}

void test(void)
{
	pid_t a, b, c;

	a = child(kid, "a");
	b = child(kid, "b");
	c = child(empty, NULL);
	checkpoint_and_restore();
	ok_errno(fcntl(20, F_GETFD), EBADF);
	child_ok(a);
	child_ok(b);
	child_ok(c);
}
