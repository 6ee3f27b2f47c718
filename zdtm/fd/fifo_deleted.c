// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a FIFO whose name was deleted keeps its bytes");

void test(void)
{
	char buf[8];
	int r, w;

	ok_sys(mkfifo("fifo", 0600));
	r = ok_fd(open("fifo", O_RDONLY | O_NONBLOCK));
	w = ok_fd(open("fifo", O_WRONLY));
	ok_eq(write(w, "abc", 3), 3);
	ok_sys(unlink("fifo"));
	checkpoint_and_restore();
	ok_eq(read(r, buf, 8), 3);
	ok_mem(buf, "abc", 3);
	ok_eq(write(w, "d", 1), 1);
	ok_eq(read(r, buf, 8), 1);
	ok_errno(access("fifo", F_OK), ENOENT);
}
