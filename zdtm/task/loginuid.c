// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the login user id, where the kernel lets it be set", .as = ROOT);

void test(void)
{
	int fd = open("/proc/self/loginuid", O_RDWR);

	if (fd < 0)
		skip("no /proc/self/loginuid: %s", strerror(errno));
	if (dprintf(fd, "4242") < 0)
		skip("cannot set it here: %s", strerror(errno));
	close(fd);
	checkpoint_and_restore();
	ok_eq(atoi(proc_read("/proc/self/loginuid")), 4242);
}
