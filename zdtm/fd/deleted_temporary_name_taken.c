// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a deleted file is not made where another has its temporary name meanwhile: restore refuses, and that one stays",
     .between = "for i in 1 2 3; do echo mine > gone.cr.$i.ghost; done",
     .restore_refused = "cannot make the deleted file again: EEXIST",
     .undo = "grep -q mine gone.cr.1.ghost; rm gone.cr.?.ghost",
     .peer = "restore: the file that has the name is gone after it");

void test(void)
{
	int fd = ok_fd(open("gone", O_RDWR | O_CREAT, 0600));
	char c = 0;

	ok_eq(write(fd, "x", 1), 1);
	ok_zero(unlink("gone"));
	checkpoint_and_restore();
	ok_eq(pread(fd, &c, 1, 0), 1);
	ok_eq(c, 'x');
}
