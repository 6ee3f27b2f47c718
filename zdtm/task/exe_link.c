// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "/proc/self/exe names the program, and it can be run by that name");

void test(void)
{
	char *const argv[] = { "again", "--describe", NULL }, *const envp[] = { NULL };
	char before[4096];
	int status;
	pid_t pid;

	strcpy(before, link_of("/proc/self/exe"));
	checkpoint_and_restore();
	ok_str(link_of("/proc/self/exe"), before);
	pid = ok_sys(fork());
	if (!pid) {
		close(1);
		open("/dev/null", O_WRONLY);
		execve("/proc/self/exe", argv, envp);
		_exit(126);
	}
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 0);
}
