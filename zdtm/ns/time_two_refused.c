// SPDX-License-Identifier: GPL-2.0-only
#include "timens.h"

TEST(.does = "a tree in two time namespaces is refused",
     .as = ROOT, .needs = "timens",
     .refused = "in another time namespace than the root of the tree");

static void live(void *arg)
{
	double before;

	time_namespace(1000000, 1000000);
	before = now(CLOCK_MONOTONIC);
	checkpoint_and_restore();
	ok(now(CLOCK_MONOTONIC) >= before);
}

void test(void)
{
	pid_t pid;

	needs_time_namespace();
	pid = child(live, NULL);
	checkpoint_and_restore();
	child_ok(pid);
}
