// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a file that never had a name (O_TMPFILE)");

void test(void)
{
	int fd = open(".", O_RDWR | O_TMPFILE, 0600);
	char buf[8] = "";

	if (fd < 0)
		skip("O_TMPFILE: %s", strerror(errno));
	ok_eq(write(fd, "nameless", 8), 8);
	checkpoint_and_restore();
	ok_eq(pread(fd, buf, 8, 0), 8);
	ok_mem(buf, "nameless", 8);
	ok_eq(lseek(fd, 0, SEEK_CUR), 8);
}
