// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/resource.h>

TEST(.does = "a process lives on in its second thread when the first has ended",
     .peer = "dump: it refuses it: Zombies with threads are not supported");

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
	/* Of this thread alone; its zombie still shows it. */
	ok_zero(setpriority(PRIO_PROCESS, 0, 4));
	syscall(SYS_exit, 0);
}

void test(void)
{
	int status, pidfd = syscall(SYS_pidfd_open, getpid(), O_EXCL /* PIDFD_THREAD */);
	pid_t pid;

	if (pidfd < 0)
		skip("no pidfd of a thread, which shows the descriptors of such a process: %s", strerror(errno));
	close(pidfd);
	pid = child(one, NULL);
	checkpoint_and_restore();
	child_go(pid);
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 5 << 8);
}
