// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a parent keeps 100 children");

enum { N = 100 };

static void one(void *arg)
{
	int nr = *(int *)arg;

	checkpoint_and_restore();
	_exit(nr);
}

void test(void)
{
	pid_t pid[N];
	int status;

	for (int i = 0; i < N; i++)
		pid[i] = child(one, &i);
	checkpoint_and_restore();
	for (int i = 0; i < N; i++) {
		child_go(pid[i]);
		ok_eq(waitpid(pid[i], &status, 0), pid[i]);
		ok_eq(status, i << 8);
	}
}
