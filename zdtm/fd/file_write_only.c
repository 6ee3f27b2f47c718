// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a file that may only be written, of mode 0, with nobody allowed to open it again");

void test(void)
{
	int fd = ok_fd(open("file", O_WRONLY | O_CREAT, 0)), ro;
	char buf[8] = "";

	ok_eq(write(fd, "abc", 3), 3);
	checkpoint_and_restore();
	ok_errno(read(fd, buf, 1), EBADF);
	ok_eq(write(fd, "def", 3), 3);
	ok_sys(fchmod(fd, 0600));
	ro = ok_fd(open("file", O_RDONLY));
	ok_eq(read(ro, buf, 8), 6);
	ok_str(buf, "abcdef");
}
