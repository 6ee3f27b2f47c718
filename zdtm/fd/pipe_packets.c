// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a pipe in packet mode (O_DIRECT) keeps its packets apart",
     .peer = "it has no packet mode: it refuses to dump one, and a restore writes all data as it comes");

void test(void)
{
	char buf[100];
	int p[2];

	ok_sys(pipe2(p, O_DIRECT));
	ok_eq(write(p[1], "one", 3), 3);
	ok_eq(write(p[1], "two!", 4), 4);
	checkpoint_and_restore();
	ok_eq(fcntl(p[1], F_GETFL) & O_DIRECT, O_DIRECT);
	ok_eq(read(p[0], buf, 100), 3);
	ok_mem(buf, "one", 3);
	ok_eq(read(p[0], buf, 2), 2);
	/* The rest of a packet is thrown away. */
	ok_eq(write(p[1], "x", 1), 1);
	ok_eq(read(p[0], buf, 100), 1);
}
