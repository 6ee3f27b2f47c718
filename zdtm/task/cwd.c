// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the working directory, each process its own; relative names mean the same files");

static void kid(void *arg)
{
	ok_sys(chdir("sub/deeper"));
	checkpoint_and_restore();
	ok_sys(access("../../top", F_OK));
	ok_sys(mkdir("made here", 0700));
}

void test(void)
{
	pid_t pid;

	ok_sys(mkdir("sub", 0755));
	ok_sys(mkdir("sub/deeper", 0755));
	close(ok_fd(open("top", O_CREAT | O_WRONLY, 0600)));
	pid = child(kid, NULL);
	ok_sys(chdir("sub"));
	checkpoint_and_restore();
	ok_sys(access("../top", F_OK));
	child_ok(pid);
	ok_sys(access("deeper/made here", F_OK));
}
