// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "clock_nanosleep() until a point in time starts again, and ends at that point");

static void sleeper(void *arg)
{
	struct timespec t;

	ok_sys(clock_gettime(CLOCK_REALTIME, &t));
	t.tv_sec += 1;
	child_ready();
	ok_eq(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL), 0);
	ok(now(CLOCK_REALTIME) >= t.tv_sec + t.tv_nsec / 1e9 - 1e-6);
	wait_for_word();
}

void test(void)
{
	pid_t pid = child(sleeper, NULL);

	wait_asleep(pid);
	checkpoint_and_restore();
	child_ok(pid);
}
