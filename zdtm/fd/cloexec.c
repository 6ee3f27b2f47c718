// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "close-on-exec belongs to the descriptor: two of one description differ");

void test(void)
{
	int a = ok_fd(open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0600)), b = ok_fd(dup(a));
	int c = ok_fd(fcntl(a, F_DUPFD_CLOEXEC, 50));

	checkpoint_and_restore();
	ok_eq(fcntl(a, F_GETFD), FD_CLOEXEC);
	ok_eq(fcntl(b, F_GETFD), 0);
	ok_eq(fcntl(c, F_GETFD), FD_CLOEXEC);
	ok_ge(c, 50);
	ok_eq(lseek(a, 7, SEEK_SET), 7);
	ok_eq(lseek(b, 0, SEEK_CUR), 7);
	ok_eq(lseek(c, 0, SEEK_CUR), 7);
}
