// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a working directory that was deleted");

void test(void)
{
	char buf[100];

	ok_sys(mkdir("gone", 0755));
	ok_sys(chdir("gone"));
	ok_sys(rmdir("../gone"));
	checkpoint_and_restore();
	ok(strstr(link_of("/proc/self/cwd"), "(deleted)"));
	ok_ptr(getcwd(buf, sizeof(buf)), NULL);
	ok_eq(errno, ENOENT);
	ok_errno(open("x", O_CREAT | O_WRONLY, 0600), ENOENT);
}
