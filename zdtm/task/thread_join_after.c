// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a thread that ends after the restore wakes who joins it (clear_child_tid)");

static void one(void *arg)
{
	thread_wait();
}

void test(void)
{
	pthread_t t = thread(one, NULL), u = thread(one, NULL);

	checkpoint_and_restore();
	ok_eq(pthread_tryjoin_np(t, NULL), EBUSY);
	threads_go();
	thread_ok(t);
	thread_ok(u);
}
