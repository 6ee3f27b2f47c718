// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "no_new_privs, per thread and per child");

static void one(void *arg)
{
	ok_sys(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	thread_wait();
	ok_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
}

static void kid(void *arg)
{
	ok_sys(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	checkpoint_and_restore();
	ok_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
}

void test(void)
{
	pid_t pid = child(kid, NULL);
	pthread_t t = thread(one, NULL);

	checkpoint_and_restore();
	ok_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	threads_go();
	thread_ok(t);
	child_ok(pid);
}
