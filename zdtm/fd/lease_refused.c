// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a lease is refused by name, and stays", .opts = "--file-locks", .refused = "dump a lease",
     .peer = "dump: it saves leases as it saves locks, and its restore sets them");

void test(void)
{
	int fd = ok_fd(open("file", O_RDONLY | O_CREAT, 0600));

	ok_zero(fcntl(fd, F_SETLEASE, F_RDLCK));
	checkpoint_and_restore();
	ok_eq(fcntl(fd, F_GETLEASE), F_RDLCK);
}
