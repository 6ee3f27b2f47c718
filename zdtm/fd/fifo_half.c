// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "FIFOs of which one end is gone");

void test(void)
{
	int r, w, w2, r2;
	char c;

	ok_sys(mkfifo("a", 0600));
	ok_sys(mkfifo("b", 0600));
	r = ok_fd(open("a", O_RDONLY | O_NONBLOCK));
	w = ok_fd(open("a", O_WRONLY));
	ok_eq(write(w, "z", 1), 1);
	close(w);
	r2 = ok_fd(open("b", O_RDONLY | O_NONBLOCK));
	w2 = ok_fd(open("b", O_WRONLY));
	close(r2);
	signal(SIGPIPE, SIG_IGN);
	checkpoint_and_restore();
	ok_eq(read(r, &c, 1), 1);
	ok_eq(c, 'z');
	ok_eq(read(r, &c, 1), 0);
	ok_errno(write(w2, "x", 1), EPIPE);
}
