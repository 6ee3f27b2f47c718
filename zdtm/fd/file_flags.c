// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "flags of open files: access mode, O_NONBLOCK, O_SYNC, O_DSYNC, O_NOATIME, O_NOFOLLOW, O_DIRECT");

static const int list[] = { O_RDONLY, O_WRONLY, O_RDWR, O_RDWR | O_NONBLOCK, O_RDWR | O_SYNC, O_RDWR | O_DSYNC,
			    O_RDONLY | O_NOATIME, O_RDONLY | O_NOFOLLOW, O_RDWR | O_DIRECT, O_RDWR | O_ASYNC };

enum { N = sizeof(list) / sizeof(*list) };

void test(void)
{
	int fd[N], flags[N];

	close(ok_fd(open("file", O_WRONLY | O_CREAT, 0600)));
	for (int i = 0; i < N; i++) {
		fd[i] = open("file", list[i]);
		/* Not every file system can O_DIRECT. */
		flags[i] = fd[i] < 0 ? -1 : ok_sys(fcntl(fd[i], F_GETFL));
	}
	checkpoint_and_restore();
	for (int i = 0; i < N; i++)
		if (fd[i] >= 0)
			ok_eq(fcntl(fd[i], F_GETFL), flags[i]);
}
