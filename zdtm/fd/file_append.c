// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a file opened to append goes on to append");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT | O_APPEND, 0600));
	char buf[16] = "";

	ok_eq(write(fd, "one", 3), 3);
	ok_eq(lseek(fd, 1, SEEK_SET), 1);
	checkpoint_and_restore();
	ok_eq(lseek(fd, 0, SEEK_CUR), 1);
	ok_eq(write(fd, "two", 3), 3);
	ok_eq(pread(fd, buf, 16, 0), 6);
	ok_str(buf, "onetwo");
}
