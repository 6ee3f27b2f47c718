// SPDX-License-Identifier: GPL-2.0-only
#include "timens.h"

TEST(.does = "the monotonic and the boot clock of a tree go on from the dump: the time on disk is not in them",
     .as = ROOT, .needs = "timens");

struct clocks {
	double monotonic, boottime, real;
	long long born; /* of this very process */
};

static struct clocks read_clocks(void)
{
	return (struct clocks){ now(CLOCK_MONOTONIC), now(CLOCK_BOOTTIME), now(CLOCK_REALTIME), stat_field(getpid(), 22) };
}

static void compare(const struct clocks *before)
{
	const struct clocks c = read_clocks();
	const double passed = c.real - before->real, limit = c.born == before->born ? passed + 0.001 : passed - 0.001;

	ok(c.monotonic >= before->monotonic);
	ok(c.monotonic - before->monotonic < limit);
	ok(c.boottime >= before->boottime);
	ok(c.boottime - before->boottime < limit);
	ok(now(CLOCK_MONOTONIC_RAW) > 0);
	ok(c.monotonic - now(CLOCK_MONOTONIC_COARSE) < 0.1);
}

static void live(void *arg)
{
	struct clocks before = read_clocks();

	checkpoint_and_restore();
	compare(&before);
}

void test(void)
{
	struct clocks before;
	pid_t pid;

	needs_time_namespace();
	pid = child(live, NULL);
	before = read_clocks();
	checkpoint_and_restore();
	compare(&before);
	child_ok(pid);
}
