// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/ioctl.h>
#include <termios.h>

TEST(.does = "packet mode, exclusive mode and the lock of a pseudo terminal");

static int pty(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY);

	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	return m;
}

void test(void)
{
	int a = pty(), b = pty(), on = 1, got;

	ok_zero(unlockpt(a));
	ok_sys(ioctl(a, TIOCPKT, &on));
	checkpoint_and_restore();
	ok_sys(ioctl(a, TIOCGPKT, &got));
	ok_ne(got, 0);
	ok_sys(ioctl(a, TIOCGPTLCK, &got));
	ok_eq(got, 0);
	ok_sys(ioctl(b, TIOCGPTLCK, &got));
	ok_eq(got, 1);
	ok_sys(ioctl(b, TIOCGPKT, &got));
	ok_eq(got, 0);
	ok_errno(open(ptsname(b), O_RDWR | O_NOCTTY), EIO);
}
