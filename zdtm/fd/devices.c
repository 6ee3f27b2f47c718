// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "character devices without state: null, zero, full, random, urandom");

static const char *const names[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom" };

void test(void)
{
	char buf[16] = "x";
	int fd[5];

	for (int i = 0; i < 5; i++) {
		fd[i] = open(names[i], i < 3 ? O_RDWR : O_RDONLY);
		if (fd[i] < 0)
			skip("no %s: %s", names[i], strerror(errno));
	}
	checkpoint_and_restore();
	ok_eq(read(fd[0], buf, 16), 0);
	ok_eq(write(fd[0], buf, 16), 16);
	ok_eq(read(fd[1], buf, 16), 16);
	ok_eq(buf[0], 0);
	ok_errno(write(fd[2], buf, 16), ENOSPC);
	ok_eq(read(fd[3], buf, 4), 4);
	ok_eq(read(fd[4], buf, 16), 16);
	for (int i = 0; i < 5; i++)
		ok_str(link_of("/proc/self/fd/%d", fd[i]), names[i]);
}
