// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sched.h>
#include <sys/resource.h>

TEST(.does = "SCHED_BATCH and SCHED_IDLE, each with its nice value");

static void idle(void *arg)
{
	struct sched_param p = {};

	ok_sys(setpriority(PRIO_PROCESS, 0, 4));
	ok_sys(sched_setscheduler(0, SCHED_IDLE, &p));
	checkpoint_and_restore();
	ok_eq(sched_getscheduler(0), SCHED_IDLE);
	ok_eq(getpriority(PRIO_PROCESS, 0), 4);
}

void test(void)
{
	pid_t pid = child(idle, NULL);
	struct sched_param p = {};

	ok_sys(setpriority(PRIO_PROCESS, 0, 11));
	ok_sys(sched_setscheduler(0, SCHED_BATCH, &p));
	checkpoint_and_restore();
	ok_eq(sched_getscheduler(0), SCHED_BATCH);
	ok_eq(getpriority(PRIO_PROCESS, 0), 11);
	child_ok(pid);
}
