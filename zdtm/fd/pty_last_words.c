// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "what was written at a pseudo terminal before its slave was closed, and that it was closed",
     .peer = "loses what waits at a master whose slave is closed");

void test(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY), quiet = posix_openpt(O_RDWR | O_NOCTTY), s;
	char buf[16];

	if (m < 0 || quiet < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(unlockpt(m));
	ok_zero(unlockpt(quiet));
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY));
	ok_eq(write(s, "bye", 3), 3);
	close(s);
	close(ok_fd(open(ptsname(quiet), O_RDWR | O_NOCTTY)));
	checkpoint_and_restore();
	ok_eq(read(m, buf, 16), 3);
	ok_mem(buf, "bye", 3);
	ok_errno(read(m, buf, 16), EIO);
	ok_errno(read(quiet, buf, 16), EIO);
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY));
	ok_eq(write(s, "again", 5), 5);
	ok_eq(read(m, buf, 16), 5);
}
