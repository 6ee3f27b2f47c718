// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a file that is gone while the task is on disk: restore refuses by its name, and takes it when it is back",
     .between = "mv file elsewhere",
     .restore_refused = "task/file",
     .undo = "mv elsewhere file");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));

	checkpoint_and_restore();
	ok_eq(write(fd, "abc", 3), 3);
}
