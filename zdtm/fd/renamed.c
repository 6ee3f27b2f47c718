// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a file that was renamed while open");

void test(void)
{
	int fd = ok_fd(open("before", O_RDWR | O_CREAT, 0600));

	ok_eq(write(fd, "abc", 3), 3);
	ok_sys(rename("before", "after"));
	checkpoint_and_restore();
	ok_eq(write(fd, "def", 3), 3);
	close(fd);
	fd = ok_fd(open("after", O_RDONLY));
	ok_eq(lseek(fd, 0, SEEK_END), 6);
	ok_errno(access("before", F_OK), ENOENT);
}
