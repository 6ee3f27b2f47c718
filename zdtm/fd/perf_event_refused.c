// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/perf_event.h>

TEST(.does = "a performance counter is refused by name", .as = ROOT, .refused = "perf_event");

void test(void)
{
	struct perf_event_attr a = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(a), .config = PERF_COUNT_SW_TASK_CLOCK };
	int fd = (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);

	if (fd < 0)
		skip("no performance counters here: %s", strerror(errno));
	checkpoint_and_restore();
	ok_eq(fcntl(fd, F_GETFD), 0);
}
