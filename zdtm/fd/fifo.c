// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a FIFO with bytes in it: read, write and both-ways descriptions");

void test(void)
{
	char buf[8];
	int rw, r, w;

	ok_sys(mkfifo("fifo", 0600));
	rw = ok_fd(open("fifo", O_RDWR));
	r = ok_fd(open("fifo", O_RDONLY | O_NONBLOCK));
	w = ok_fd(open("fifo", O_WRONLY));
	ok_eq(write(w, "abcdef", 6), 6);
	checkpoint_and_restore();
	ok_eq(read(r, buf, 3), 3);
	ok_mem(buf, "abc", 3);
	ok_eq(read(rw, buf, 8), 3);
	ok_mem(buf, "def", 3);
	ok_errno(read(r, buf, 1), EAGAIN);
	ok_eq(write(rw, "x", 1), 1);
	ok_eq(read(r, buf, 1), 1);
	/* The name still leads to the same FIFO. */
	int again = ok_fd(open("fifo", O_WRONLY | O_NONBLOCK));
	ok_eq(write(again, "y", 1), 1);
	ok_eq(read(r, buf, 1), 1);
	ok_eq(buf[0], 'y');
}
