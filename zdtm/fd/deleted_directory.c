// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a deleted directory that is open");

void test(void)
{
	int fd;

	ok_sys(mkdir("dir", 0750));
	fd = ok_fd(open("dir", O_RDONLY | O_DIRECTORY));
	ok_sys(rmdir("dir"));
	checkpoint_and_restore();
	ok_errno(openat(fd, "x", O_CREAT | O_WRONLY, 0600), ENOENT);
	ok(strstr(link_of("/proc/self/fd/%d", fd), "(deleted)"));
}
