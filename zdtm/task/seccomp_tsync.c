// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"
#include "seccomp.h"

TEST(.does = "a filter put on all threads at once (SECCOMP_FILTER_FLAG_TSYNC) stays on all");

static void one(void *arg)
{
	thread_wait();
	ok_errno(syscall(SYS_swapon, 0, 0), 31);
}

void test(void)
{
	pthread_t a = thread(one, NULL), b = thread(one, NULL);

	ok_zero(seccomp_deny(SYS_swapon, 31, SECCOMP_FILTER_FLAG_TSYNC));
	checkpoint_and_restore();
	ok_errno(syscall(SYS_swapon, 0, 0), 31);
	threads_go();
	thread_ok(a);
	thread_ok(b);
}
