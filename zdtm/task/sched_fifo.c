// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sched.h>
#include <sys/resource.h>

TEST(.does = "SCHED_FIFO with its priority, one for each thread, and the nice value that waits behind it", .as = ROOT);

static void one(void *arg)
{
	struct sched_param p = { .sched_priority = 33 }, got;

	ok_sys(sched_setscheduler(0, SCHED_RR, &p));
	thread_wait();
	ok_eq(sched_getscheduler(0), SCHED_RR);
	ok_sys(sched_getparam(0, &got));
	ok_eq(got.sched_priority, 33);
}

void test(void)
{
	struct sched_param p = { .sched_priority = 7 }, got;
	pthread_t t = thread(one, NULL);

	ok_zero(setpriority(PRIO_PROCESS, 0, 3));
	if (sched_setscheduler(0, SCHED_FIFO, &p) < 0)
		skip("no real-time scheduling here: %s", strerror(errno));
	checkpoint_and_restore();
	ok_eq(sched_getscheduler(0), SCHED_FIFO);
	ok_sys(sched_getparam(0, &got));
	ok_eq(got.sched_priority, 7);
	ok_eq(getpriority(PRIO_PROCESS, 0), 3);
	threads_go();
	thread_ok(t);
}
