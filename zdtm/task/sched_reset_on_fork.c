// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sched.h>

TEST(.does = "the flag that children fall back to SCHED_OTHER (SCHED_RESET_ON_FORK)", .as = ROOT);

void test(void)
{
	struct sched_param p = { .sched_priority = 2 };
	int status;
	pid_t pid;

	if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &p) < 0)
		skip("no real-time scheduling here: %s", strerror(errno));
	checkpoint_and_restore();
	ok_eq(sched_getscheduler(0), SCHED_RR | SCHED_RESET_ON_FORK);
	pid = ok_sys(fork());
	if (!pid)
		_exit(sched_getscheduler(0) == SCHED_OTHER ? 0 : 1);
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 0);
}
