// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a device that has a state we cannot see is refused by name",
     .as = ROOT,
     .refused = "cannot dump a device with state");

static const char *const names[] = { "/dev/fuse", "/dev/loop-control", "/dev/kvm", "/dev/rtc0", "/dev/cpu_dma_latency" };

void test(void)
{
	int fd = -1;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && fd < 0; i++)
		fd = open(names[i], O_RDONLY);
	if (fd < 0)
		skip("no such device here");
	checkpoint_and_restore();
	ok_eq(fcntl(fd, F_GETFD), 0);
}
