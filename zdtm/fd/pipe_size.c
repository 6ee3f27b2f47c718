// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the capacity of pipes, and a pipe full to the brim");

void test(void)
{
	int p[2], q[2], size, n = 0;
	static char buf[1 << 20];

	ok_sys(pipe2(p, O_NONBLOCK));
	ok_sys(pipe2(q, O_NONBLOCK));
	size = ok_sys(fcntl(p[0], F_SETPIPE_SZ, 1 << 18));
	pattern(buf, sizeof(buf), 1);
	ok_eq(write(p[1], buf, sizeof(buf)), size);
	ok_eq(fcntl(q[1], F_SETPIPE_SZ, page_size()), page_size());
	checkpoint_and_restore();
	ok_eq(fcntl(p[1], F_GETPIPE_SZ), size);
	ok_eq(fcntl(q[1], F_GETPIPE_SZ), page_size());
	ok_errno(write(p[1], "x", 1), EAGAIN);
	memset(buf, 0, sizeof(buf));
	while (n < size)
		n += ok_sys(read(p[0], buf + n, sizeof(buf) - n));
	ok_pattern(buf, size, 1);
}
