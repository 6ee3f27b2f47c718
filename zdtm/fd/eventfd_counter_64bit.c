// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/eventfd.h>

TEST(.does = "an eventfd keeps a counter above 32 bits, and O_NONBLOCK",
     .peer = "restore: it restores the low 32 bits of the counter");

void test(void)
{
	const uint64_t want = (1ull << 40) + 7;
	uint64_t got = 0;
	int fd = ok_fd(eventfd(0, EFD_NONBLOCK));

	ok_eq(write(fd, &want, sizeof(want)), sizeof(want));
	checkpoint_and_restore();
	ok_eq(read(fd, &got, sizeof(got)), sizeof(got));
	ok_eq(got, want);
	ok_errno(read(fd, &got, sizeof(got)), EAGAIN);
}
