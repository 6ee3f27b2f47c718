// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/file.h>

TEST(.does = "a task keeps its POSIX and flock locks of one file side by side", .opts = "--file-locks");

static int fd, flocked;

static void sees(void *arg)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 1 };
	int two = ok_fd(open("file", O_RDWR));

	ok_zero(fcntl(two, F_GETLK, &l));
	ok_eq(l.l_type, F_WRLCK);
	ok_eq(l.l_pid, getppid());
	ok_eq(l.l_len, 5);
	l = (struct flock){ .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 20 };
	ok_zero(fcntl(two, F_GETLK, &l));
	ok_eq(l.l_type, F_UNLCK);
	ok_errno(flock(two, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ok_zero(flock(two, LOCK_SH | LOCK_NB));
	checkpoint_and_restore();
}

void test(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 5 };

	fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	flocked = ok_fd(open("file", O_RDONLY));
	ok_zero(fcntl(fd, F_SETLK, &l));
	l = (struct flock){ .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 20 };
	ok_zero(fcntl(fd, F_SETLK, &l));
	ok_zero(flock(flocked, LOCK_SH));
	checkpoint_and_restore();
	child_ok(child(sees, NULL));
}
