// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "an open block device is refused by name",
     .as = ROOT,
     .refused = "cannot dump a block device");

static const char *const names[] = { "/dev/vda", "/dev/sda", "/dev/nvme0n1", "/dev/loop0", "/dev/ram0" };

void test(void)
{
	int fd = -1;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names) && fd < 0; i++)
		fd = open(names[i], O_RDONLY);
	if (fd < 0)
		skip("no block device here");
	checkpoint_and_restore();
	ok_eq(fcntl(fd, F_GETFD), 0);
}
