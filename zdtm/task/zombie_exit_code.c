// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a zombie keeps its exit status until its parent asks");

void test(void)
{
	int status;
	pid_t pid = ok_sys(fork());

	if (!pid)
		_exit(42);
	wait_state(pid, 'Z');
	checkpoint_and_restore();
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 42 << 8);
	ok_errno(waitpid(pid, &status, 0), ECHILD);
}
