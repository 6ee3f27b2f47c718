// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a deleted file of 3 MB is taken along when --ghost-limit allows it", .dump_opts = "--ghost-limit 8M");

enum { SIZE = 3 << 20 };

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	char *buf = malloc(SIZE);

	pattern(buf, SIZE, 1);
	ok_eq(write(fd, buf, SIZE), SIZE);
	ok_sys(unlink("file"));
	checkpoint_and_restore();
	memset(buf, 0, SIZE);
	ok_eq(pread(fd, buf, SIZE, 0), SIZE);
	ok_pattern(buf, SIZE, 1);
}
