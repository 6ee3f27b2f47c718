// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/eventfd.h>

TEST(.does = "an eventfd keeps its counter; reads go on to take all of it");

void test(void)
{
	uint64_t v = 17;
	int fd = ok_fd(eventfd(5, EFD_CLOEXEC));

	ok_eq(write(fd, &v, sizeof(v)), sizeof(v));
	checkpoint_and_restore();
	ok_eq(read(fd, &v, sizeof(v)), sizeof(v));
	ok_eq(v, 22);
	ok_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ok_eq(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
}
