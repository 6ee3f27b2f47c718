// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a regular file keeps its position and its open mode");

void test(void)
{
	char buf[100];
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0640));

	pattern(buf, sizeof(buf), 3);
	ok_eq(write(fd, buf, sizeof(buf)), sizeof(buf));
	ok_eq(lseek(fd, 41, SEEK_SET), 41);
	checkpoint_and_restore();
	ok_eq(lseek(fd, 0, SEEK_CUR), 41);
	ok_eq(read(fd, buf, 59), 59);
	char all[100];
	pattern(all, sizeof(all), 3);
	ok_mem(buf, all + 41, 59);
	ok_eq(write(fd, "tail", 4), 4);
	ok_eq(lseek(fd, 0, SEEK_END), 104);
}
