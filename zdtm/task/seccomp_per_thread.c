// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"
#include "seccomp.h"

TEST(.does = "threads keep filters of their own, one keeps none");

static void one(void *arg)
{
	int err = (int)(long)arg;

	if (err)
		ok_sys(seccomp_deny(SYS_ptrace, err, 0));
	thread_wait();
	if (err)
		ok_errno(syscall(SYS_ptrace, 9999, 0, 0, 0), err);
	ok_eq(prctl(PR_GET_SECCOMP, 0, 0, 0, 0), err ? 2 : 0);
}

void test(void)
{
	pthread_t a = thread(one, (void *)41), b = thread(one, (void *)42), c = thread(one, NULL);

	checkpoint_and_restore();
	ok_eq(prctl(PR_GET_SECCOMP, 0, 0, 0, 0), 0);
	threads_go();
	thread_ok(a);
	thread_ok(b);
	thread_ok(c);
}
