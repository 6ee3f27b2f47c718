// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a pipe keeps the bytes that are in it");

void test(void)
{
	char buf[30000];
	int p[2];

	ok_sys(pipe(p));
	pattern(buf, sizeof(buf), 1);
	ok_eq(write(p[1], buf, sizeof(buf)), sizeof(buf));
	checkpoint_and_restore();
	memset(buf, 0, sizeof(buf));
	ok_eq(read(p[0], buf, sizeof(buf)), sizeof(buf));
	ok_pattern(buf, sizeof(buf), 1);
	ok_sys(fcntl(p[0], F_SETFL, O_NONBLOCK));
	ok_errno(read(p[0], buf, 1), EAGAIN);
	ok_eq(write(p[1], "x", 1), 1);
	ok_eq(read(p[0], buf, 1), 1);
	close(p[1]);
	ok_eq(read(p[0], buf, 1), 0);
}
