// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a thread keeps its tid, its thread-local data and its stack");

static __thread int local;
static pid_t tid;

static void one(void *arg)
{
	char stack[5000];

	pattern(stack, sizeof(stack), 8);
	local = 4711;
	tid = gettid_();
	thread_wait();
	ok_eq(gettid_(), tid);
	ok_eq(local, 4711);
	ok_pattern(stack, sizeof(stack), 8);
}

void test(void)
{
	pthread_t t = thread(one, NULL);

	local = 1;
	checkpoint_and_restore();
	ok_eq(local, 1);
	ok_zero(syscall(SYS_tgkill, getpid(), tid, 0));
	threads_go();
	thread_ok(t);
}
