// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/file.h>

TEST(.does = "a held lock is refused without --file-locks, and stays", .refused = "without --file-locks");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600)), two = ok_fd(open("file", O_RDWR));

	ok_zero(flock(fd, LOCK_EX));
	checkpoint_and_restore();
	ok_errno(flock(two, LOCK_EX | LOCK_NB), EWOULDBLOCK);
}
