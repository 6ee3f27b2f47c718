// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the slave of a pseudo terminal whose master is closed reads the end of file");

void test(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY), s;
	char c;

	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(grantpt(m));
	ok_zero(unlockpt(m));
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY));
	close(m);
	checkpoint_and_restore();
	ok_eq(read(s, &c, 1), 0);
	ok_errno(write(s, "x", 1), EIO);
}
