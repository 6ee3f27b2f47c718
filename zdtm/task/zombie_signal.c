// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a zombie keeps the signal that killed it");

void test(void)
{
	int status;
	pid_t pid = ok_sys(fork());

	if (!pid) {
		kill(getpid(), SIGKILL);
		_exit(1);
	}
	wait_state(pid, 'Z');
	checkpoint_and_restore();
	ok_eq(waitpid(pid, &status, 0), pid);
	ok(WIFSIGNALED(status));
	ok_eq(WTERMSIG(status), SIGKILL);
}
