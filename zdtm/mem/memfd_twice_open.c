// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "one memfd, opened again by /proc/self/fd for reading: two descriptions of one file");

void test(void)
{
	int fd = ok_fd(memfd_create("m", 0)), ro;
	char path[64], buf[8];

	ok_eq(write(fd, "abcdef", 6), 6);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ro = ok_fd(open(path, O_RDONLY));
	ok_eq(lseek(ro, 2, SEEK_SET), 2);
	checkpoint_and_restore();
	ok_eq(pwrite(fd, "X", 1, 2), 1);
	ok_eq(read(ro, buf, 8), 4);
	ok_mem(buf, "Xdef", 4);
	ok_errno(write(ro, "x", 1), EBADF);
	ok_eq(lseek(fd, 0, SEEK_CUR), 6);
}
