// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <termios.h>

TEST(.does = "bytes on their way through a pseudo terminal, in both directions");

void test(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY), s;
	struct termios t;
	char buf[16];

	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(grantpt(m));
	ok_zero(unlockpt(m));
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY | O_NONBLOCK));
	ok_sys(tcgetattr(s, &t));
	cfmakeraw(&t);
	ok_sys(tcsetattr(s, TCSANOW, &t));
	ok_eq(write(m, "to slave", 8), 8);
	ok_eq(write(s, "to master", 9), 9);
	checkpoint_and_restore();
	ok_eq(read(s, buf, 16), 8);
	ok_mem(buf, "to slave", 8);
	ok_eq(read(m, buf, 16), 9);
	ok_mem(buf, "to master", 9);
	ok_errno(read(s, buf, 16), EAGAIN);
}
