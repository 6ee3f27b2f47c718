// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "threads of children and grandchildren stay where they belong");

static void work(void *arg)
{
	pid_t pid = getpid(), tid = gettid_();

	thread_wait();
	ok_eq(getpid(), pid);
	ok_eq(gettid_(), tid);
}

static void one(void *arg)
{
	int depth = *(int *)arg - 1;
	pthread_t a = thread(work, NULL), b = thread(work, NULL);
	pid_t pid = depth ? child(one, &depth) : 0;

	checkpoint_and_restore();
	threads_go();
	thread_ok(a);
	thread_ok(b);
	if (pid)
		child_ok(pid);
}

void test(void)
{
	int depth = 4;
	pid_t a = child(one, &depth), b = child(one, &depth);

	checkpoint_and_restore();
	child_ok(a);
	child_ok(b);
}
