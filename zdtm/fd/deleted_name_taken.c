// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a deleted file whose name belongs to another file by now: both stay what they are");

void test(void)
{
	int old = ok_fd(open("file", O_RDWR | O_CREAT, 0600)), new;
	char buf[8] = "";

	ok_eq(write(old, "old", 3), 3);
	ok_sys(unlink("file"));
	new = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	ok_eq(write(new, "new!", 4), 4);
	checkpoint_and_restore();
	ok_eq(pread(old, buf, 8, 0), 3);
	ok_mem(buf, "old", 3);
	ok_eq(pread(new, buf, 8, 0), 4);
	ok_mem(buf, "new!", 4);
	ok_eq(write(new, "?", 1), 1);
	close(new);
	new = ok_fd(open("file", O_RDONLY));
	ok_eq(read(new, buf, 8), 5);
	ok_mem(buf, "new!?", 5);
}
