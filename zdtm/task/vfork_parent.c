// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

/*
 * In vfork() the parent waits in the kernel, unkillable by anything but SIGKILL, until its child execs or exits: no ptrace
 * stop is to be had of it, and a restored parent could not be put back there.
 */
TEST(.does = "a parent inside vfork() cannot be stopped: dump says so when --timeout is over, and the tree lives on",
     .dump_opts = "--timeout 2", .refused = "vfork()");

static void parent(void *arg)
{
	int go[2] = { ((int *)arg)[0], ((int *)arg)[1] }, status;
	pid_t pid;
	char c;

	child_ready();
	/* The child of vfork() runs in our memory: no library call in it. */
	pid = vfork();
	if (!pid) {
		syscall(SYS_read, go[0], &c, 1);
		_exit(7);
	}
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 7 << 8);
}

void test(void)
{
	int go[2];
	pid_t pid;

	ok_zero(pipe(go));
	pid = child(parent, go);
	wait_state(pid, 'D');
	checkpoint_and_restore();
	ok_eq(write(go[1], "x", 1), 1);
	child_ended(pid);
}
