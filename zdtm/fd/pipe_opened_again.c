// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a pipe opened a second time through /proc/self/fd: another description, of both ends");

void test(void)
{
	char path[64], buf[8];
	int p[2], rw;

	ok_sys(pipe(p));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p[0]);
	rw = ok_fd(open(path, O_RDWR | O_NONBLOCK));
	ok_eq(write(p[1], "abc", 3), 3);
	checkpoint_and_restore();
	ok_eq(write(rw, "d", 1), 1);
	ok_eq(read(rw, buf, 2), 2);
	ok_eq(read(p[0], buf + 2, 6), 2);
	ok_mem(buf, "abcd", 4);
	close(p[1]);
	ok_errno(read(rw, buf, 1), EAGAIN);
}
