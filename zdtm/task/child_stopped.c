// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a stopped child stays stopped, and goes on with SIGCONT");

static void one(void *arg)
{
	checkpoint_and_restore();
	_exit(9);
}

void test(void)
{
	int status;
	pid_t pid = child(one, NULL);

	ok_sys(kill(pid, SIGSTOP));
	ok_eq(waitpid(pid, &status, WUNTRACED), pid);
	ok(WIFSTOPPED(status));
	checkpoint_and_restore();
	ok_eq(proc_read("/proc/%d/stat", pid)[0] != 0, 1);
	wait_state(pid, 'T');
	child_go(pid);
	wait_state(pid, 'T');
	ok_sys(kill(pid, SIGCONT));
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 9 << 8);
}
