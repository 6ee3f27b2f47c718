// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "pipes with one end gone: data and end of file here, EPIPE there");

void test(void)
{
	int a[2], b[2], c[2];
	char buf[8];

	ok_sys(pipe(a));
	ok_sys(pipe(b));
	ok_sys(pipe(c));
	ok_eq(write(a[1], "last", 4), 4);
	close(a[1]);
	close(b[0]);
	close(c[1]);
	signal(SIGPIPE, SIG_IGN);
	checkpoint_and_restore();
	ok_eq(read(a[0], buf, 8), 4);
	ok_mem(buf, "last", 4);
	ok_eq(read(a[0], buf, 8), 0);
	ok_errno(write(b[1], "x", 1), EPIPE);
	ok_eq(read(c[0], buf, 8), 0);
}
