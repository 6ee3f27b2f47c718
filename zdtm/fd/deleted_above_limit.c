// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a deleted file above --ghost-limit is refused by name",
     .refused = "ghost-limit",
     .dump_opts = "--ghost-limit 100000");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	static char buf[200000];
	char c;

	pattern(buf, sizeof(buf), 1);
	ok_eq(write(fd, buf, sizeof(buf)), sizeof(buf));
	ok_sys(unlink("file"));
	checkpoint_and_restore();
	ok_eq(pread(fd, &c, 1, 0), 1);
	ok_eq(c, buf[0]);
}
