// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "O_NONBLOCK and close-on-exec of each end of a pipe");

void test(void)
{
	int p[2];
	char c;

	ok_sys(pipe2(p, O_CLOEXEC));
	ok_sys(fcntl(p[0], F_SETFL, O_NONBLOCK));
	ok_sys(fcntl(p[1], F_SETFD, 0));
	checkpoint_and_restore();
	ok_errno(read(p[0], &c, 1), EAGAIN);
	ok_eq(fcntl(p[1], F_GETFL) & O_NONBLOCK, 0);
	ok_eq(fcntl(p[0], F_GETFD), FD_CLOEXEC);
	ok_eq(fcntl(p[1], F_GETFD), 0);
}
