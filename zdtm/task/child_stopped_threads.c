// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a stopped child of four threads stays stopped as a whole");

static volatile unsigned counts[4];

static void spin(void *arg)
{
	thread_ready();
	for (;;)
		(*(volatile unsigned *)arg)++;
}

static void one(void *arg)
{
	/* Job control does not stop an orphaned group, such as the one of the root. */
	ok_sys(setpgid(0, 0));
	for (int i = 1; i < 4; i++)
		thread(spin, (void *)&counts[i]);
	checkpoint_and_restore();
	_exit(9);
}

void test(void)
{
	int status;
	pid_t pid = child(one, NULL);

	ok_sys(kill(pid, SIGTSTP));
	ok_eq(waitpid(pid, &status, WUNTRACED), pid);
	ok(WIFSTOPPED(status));
	checkpoint_and_restore();
	wait_state(pid, 'T');
	ok_sys(kill(pid, SIGCONT));
	child_go(pid);
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 9 << 8);
}
