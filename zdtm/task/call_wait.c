// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "waitpid() goes on to wait, and gets the child that ends after the restore");

static void sleeper(void *arg)
{
	checkpoint_and_restore();
	_exit(66);
}

static int report;

static void waiter(void *arg)
{
	pid_t pid = child(sleeper, NULL);
	int status;

	ok_eq(write(report, &pid, sizeof(pid)), sizeof(pid));
	child_ready();
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 66 << 8);
}

void test(void)
{
	pid_t pid, inner;
	int p[2];

	ok_sys(pipe(p));
	report = p[1];
	pid = child(waiter, NULL);
	ok_eq(read(p[0], &inner, sizeof(inner)), sizeof(inner));
	wait_asleep(pid);
	checkpoint_and_restore();
	child_go(inner);
	child_ended(pid);
}
