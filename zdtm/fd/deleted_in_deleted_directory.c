// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a deleted file in a directory that is deleted too");

void test(void)
{
	char buf[8] = "";
	int fd;

	ok_sys(mkdir("dir", 0750));
	fd = ok_fd(open("dir/file", O_RDWR | O_CREAT, 0600));
	ok_eq(write(fd, "deep", 4), 4);
	ok_sys(unlink("dir/file"));
	ok_sys(rmdir("dir"));
	checkpoint_and_restore();
	ok_eq(pread(fd, buf, 8, 0), 4);
	ok_mem(buf, "deep", 4);
	ok_errno(access("dir", F_OK), ENOENT);
}
