// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a child lives in a changed root, its parent does not", .as = ROOT);

static void kid(void *arg)
{
	ok_sys(chroot("root"));
	ok_sys(chdir("/"));
	checkpoint_and_restore();
	ok_sys(access("/file", F_OK));
	ok_errno(access("/etc", F_OK), ENOENT);
}

void test(void)
{
	pid_t pid;

	ok_sys(mkdir("root", 0755));
	close(ok_fd(open("root/file", O_CREAT | O_WRONLY, 0600)));
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_sys(access("/proc/self", F_OK));
	child_ok(pid);
}
