// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/resource.h>

TEST(.does = "nice values, one for each thread and each child");

static void one(void *arg)
{
	ok_sys(setpriority(PRIO_PROCESS, gettid_(), 17));
	thread_wait();
	ok_eq(getpriority(PRIO_PROCESS, gettid_()), 17);
}

static void kid(void *arg)
{
	ok_sys(setpriority(PRIO_PROCESS, 0, 19));
	checkpoint_and_restore();
	ok_eq(getpriority(PRIO_PROCESS, 0), 19);
}

void test(void)
{
	pid_t pid = child(kid, NULL);
	pthread_t t = thread(one, NULL);

	ok_sys(setpriority(PRIO_PROCESS, gettid_(), 5));
	checkpoint_and_restore();
	ok_eq(getpriority(PRIO_PROCESS, gettid_()), 5);
	threads_go();
	thread_ok(t);
	child_ok(pid);
}
