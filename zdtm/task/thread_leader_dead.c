// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a process lives on in its second thread when the first has ended",
     .peer = "it cannot dump a dead leader with living threads");

static void second(void *arg)
{
	thread_ready();
	wait_state(getpid(), 'Z');
	child_ready();
	wait_for_word();
	ok_eq(stat_field(getpid(), 20), 2);
	_exit(5);
}

static void one(void *arg)
{
	thread(second, NULL);
	syscall(SYS_exit, 0);
}

void test(void)
{
	pid_t pid = child(one, NULL);
	int status;

	checkpoint_and_restore();
	child_go(pid);
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 5 << 8);
}
