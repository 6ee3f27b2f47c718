// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/resource.h>

TEST(.does = "a limit of open files that is lower than a descriptor in use");

void test(void)
{
	struct rlimit r = { 8, 8 };

	ok_eq(dup2(0, 900), 900);
	ok_sys(setrlimit(RLIMIT_NOFILE, &r));
	checkpoint_and_restore();
	ok_eq(fcntl(900, F_GETFD), 0);
	ok_errno(fcntl(0, F_DUPFD, 8), EINVAL);
}
