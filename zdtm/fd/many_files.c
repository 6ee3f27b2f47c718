// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "1000 open files, each with a position of its own");

enum { N = 1000 };

void test(void)
{
	int fd[N];
	char name[32];

	for (int i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "file %d", i % 10);
		fd[i] = ok_fd(open(name, O_RDWR | O_CREAT, 0600));
		ok_eq(lseek(fd[i], i, SEEK_SET), i);
	}
	checkpoint_and_restore();
	for (int i = 0; i < N; i++)
		ok_eq(lseek(fd[i], 0, SEEK_CUR), i);
}
