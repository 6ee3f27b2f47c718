// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a file that changed its size while the task was on disk: restore refuses, and takes it when it is changed back",
     .between = "printf x >> file",
     .restore_refused = "size",
     .undo = "truncate -s 3 file");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	char buf[4];

	ok_eq(write(fd, "abc", 3), 3);
	checkpoint_and_restore();
	ok_eq(pread(fd, buf, 4, 0), 3);
}
