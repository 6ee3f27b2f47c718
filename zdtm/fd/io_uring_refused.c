// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "an io_uring is refused by name", .refused = "io_uring");

void test(void)
{
	struct { uint32_t words[30]; } params = {};
	int fd = (int)syscall(425, 8, &params);

	if (fd < 0)
		skip("no io_uring here: %s", strerror(errno));
	checkpoint_and_restore();
	ok_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
}
