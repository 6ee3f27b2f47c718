// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sched.h>

TEST(.does = "SCHED_DEADLINE has no place in the images and is refused",
     .as = ROOT,
     .refused = "SCHED_DEADLINE",
     .peer = "dump: it writes the policy without its times, and its restore refuses that (Inconsistent sched params)");

struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

void test(void)
{
	struct attr a = { .size = sizeof(a), .policy = 6, .runtime = 10000000, .deadline = 30000000, .period = 30000000 };

	if (syscall(SYS_sched_setattr, 0, &a, 0) < 0)
		skip("no SCHED_DEADLINE here: %s", strerror(errno));
	checkpoint_and_restore();
	ok_eq(sched_getscheduler(0), 6);
}
