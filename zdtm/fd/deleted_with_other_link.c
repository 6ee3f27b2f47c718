// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/stat.h>

TEST(.does = "a file whose name is deleted but which has another: the same file after the restore (--link-remap)",
     .dump_opts = "--link-remap");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	struct stat a, b;

	ok_eq(write(fd, "abc", 3), 3);
	ok_sys(link("file", "other"));
	ok_sys(unlink("file"));
	checkpoint_and_restore();
	ok_sys(fstat(fd, &a));
	ok_sys(stat("other", &b));
	ok_eq(a.st_ino, b.st_ino);
	ok_eq(a.st_nlink, 1);
	ok_eq(lseek(fd, 0, SEEK_CUR), 3);
	ok_errno(access("file", F_OK), ENOENT);
}
