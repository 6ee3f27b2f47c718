// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the program's file is deleted: it goes on to run, and its link says so");

void test(void)
{
	if (!getenv("ZDTM_INNER")) {
		char *const argv[] = { "copy", NULL }, *const envp[] = { "ZDTM_INNER=1", NULL };
		int from = ok_fd(open("/proc/self/exe", O_RDONLY)), to = ok_fd(open("copy", O_WRONLY | O_CREAT, 0755));
		char buf[65536];
		ssize_t n;

		while ((n = ok_sys(read(from, buf, sizeof(buf)))) > 0)
			ok_eq(write(to, buf, n), n);
		close(from);
		close(to);
		execve("./copy", argv, envp);
		fail("execve: %s", strerror(errno));
	}
	ok_sys(unlink("copy"));
	checkpoint_and_restore();
	ok(strstr(link_of("/proc/self/exe"), "/copy"));
	ok(strstr(link_of("/proc/self/exe"), " (deleted)"));
	ok_errno(access("copy", F_OK), ENOENT);
}
