// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "after the restore, processes and threads can be made as ever");

static void thr(void *arg)
{
	thread_ready();
	*(int *)arg = 1;
}

static void kid(void *arg)
{
	checkpoint_and_restore();
}

void test(void)
{
	int done = 0;
	pthread_t t;

	checkpoint_and_restore();
	for (int i = 0; i < 20; i++)
		child_ok(child(kid, NULL));
	t = thread(thr, &done);
	thread_ok(t);
	ok_eq(done, 1);
	ok_eq(system("exit 3"), 3 << 8);
}
