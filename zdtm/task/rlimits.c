// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/resource.h>

TEST(.does = "soft and hard limits of every resource, and children have their own");

static void lower(int by)
{
	struct rlimit r;

	for (int i = 0; i < 16; i++) {
		ok_sys(getrlimit(i, &r));
		if (r.rlim_max == RLIM_INFINITY)
			r.rlim_max = (1ull << 40) - by;
		else if (r.rlim_max > (rlim_t)by)
			r.rlim_max -= by;
		r.rlim_cur = r.rlim_max > (rlim_t)by ? r.rlim_max - by : r.rlim_max;
		ok_sys(setrlimit(i, &r));
	}
}

static void check(const struct rlimit *want)
{
	struct rlimit got;

	for (int i = 0; i < 16; i++) {
		ok_sys(getrlimit(i, &got));
		if (got.rlim_cur != want[i].rlim_cur || got.rlim_max != want[i].rlim_max)
			fail("resource %d: %ju/%ju, not %ju/%ju", i, (uintmax_t)got.rlim_cur, (uintmax_t)got.rlim_max,
			     (uintmax_t)want[i].rlim_cur, (uintmax_t)want[i].rlim_max);
	}
}

static void run(int by, pid_t (*between)(void))
{
	struct rlimit want[16];
	pid_t pid = between ? between() : 0;

	lower(by);
	for (int i = 0; i < 16; i++)
		ok_sys(getrlimit(i, &want[i]));
	checkpoint_and_restore();
	check(want);
	if (pid)
		child_ok(pid);
}

static void kid(void *arg)
{
	run(11, NULL);
}

static pid_t make_kid(void)
{
	return child(kid, NULL);
}

void test(void)
{
	run(3, make_kid);
}
