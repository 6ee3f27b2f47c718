// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a file that changed its mode while the task was on disk: restore refuses, and takes it when it is changed back",
     .between = "chmod 0640 file",
     .restore_refused = "mode",
     .undo = "chmod 0600 file");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));

	checkpoint_and_restore();
	ok_eq(write(fd, "abc", 3), 3);
}
