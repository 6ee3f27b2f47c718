// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "nanosleep() sleeps its time, or returns EINTR with what is left of it");

static void sleeper(void *arg)
{
	struct timespec want = { 1, 500000000 }, left = { 99, 0 };
	double start = now(CLOCK_MONOTONIC), took;
	int r;

	child_ready();
	r = nanosleep(&want, &left);
	took = now(CLOCK_MONOTONIC) - start;
	if (!r) {
		ok(took > 1.499);
	} else {
		ok_eq(errno, EINTR);
		ok_le(left.tv_sec, 1);
		ok(took + left.tv_sec + left.tv_nsec / 1e9 > 1.499);
	}
	wait_for_word();
}

void test(void)
{
	pid_t pid = child(sleeper, NULL);

	wait_asleep(pid);
	checkpoint_and_restore();
	child_ok(pid);
}
