// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "OFD locks keep their ranges and belong to the description, whichever task unlocks", .opts = "--file-locks");

static int fd;

static void set(int on, short type, off_t start, off_t len)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	ok_zero(fcntl(on, F_OFD_SETLK, &l));
}

static short got(int on, off_t start, off_t *ret_len)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = 1 };

	ok_zero(fcntl(on, F_OFD_GETLK, &l));
	*ret_len = l.l_len;
	return l.l_type;
}

static void unlocks(void *arg)
{
	checkpoint_and_restore();
	set(fd, F_UNLCK, 5, 3);
}

void test(void)
{
	off_t len;
	pid_t pid;
	int two;

	fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	two = ok_fd(open("file", O_RDWR));
	set(fd, F_WRLCK, 5, 3);
	set(fd, F_RDLCK, 100, 0);
	set(two, F_RDLCK, 200, 10);
	pid = child(unlocks, NULL);
	checkpoint_and_restore();
	ok_eq(got(two, 6, &len), F_WRLCK);
	ok_eq(len, 3);
	ok_eq(got(two, 150, &len), F_RDLCK);
	ok_eq(len, 0);
	ok_eq(got(fd, 205, &len), F_RDLCK);
	ok_eq(len, 10);
	child_ok(pid);
	ok_eq(got(two, 6, &len), F_UNLCK);
}
