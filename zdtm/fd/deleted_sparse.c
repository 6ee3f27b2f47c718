// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/stat.h>

TEST(.does = "the holes of a deleted file of 800 KB stay holes");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	struct stat before, after;
	char c;

	ok_eq(pwrite(fd, "a", 1, 0), 1);
	ok_eq(pwrite(fd, "b", 1, 400000), 1);
	ok_sys(ftruncate(fd, 800000));
	ok_sys(unlink("file"));
	fsync(fd);
	ok_sys(fstat(fd, &before));
	checkpoint_and_restore();
	fsync(fd);
	ok_sys(fstat(fd, &after));
	ok_eq(after.st_size, 800000);
	ok_eq(pread(fd, &c, 1, 400000), 1);
	ok_eq(c, 'b');
	/* The hole may come back in other pieces, but not as data. */
	ok_le(after.st_blocks, before.st_blocks * 4 + 64);
}
