// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "descriptors with high numbers and gaps, and none in between");

static const int list[] = { 17, 64, 255, 258, 900, 1022 };

enum { N = sizeof(list) / sizeof(*list) };

void test(void)
{
	for (int i = 0; i < N; i++)
		ok_eq(dup2(ok_fd(open("/dev/null", O_RDONLY)), list[i]), list[i]);
	for (int fd = 3; fd < 3 + N; fd++)
		close(fd);
	checkpoint_and_restore();
	for (int i = 0; i < N; i++) {
		ok_eq(fcntl(list[i], F_GETFD), 0);
		ok_errno(fcntl(list[i] + 1, F_GETFD), EBADF);
	}
}
