// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "oom_score_adj, and a child's own");

static void set(int value)
{
	int fd = ok_fd(open("/proc/self/oom_score_adj", O_WRONLY));

	ok_ge(dprintf(fd, "%d", value), 1);
	close(fd);
}

static void kid(void *arg)
{
	set(700);
	checkpoint_and_restore();
	ok_eq(atoi(proc_read("/proc/self/oom_score_adj")), 700);
}

void test(void)
{
	pid_t pid;

	set(300);
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_eq(atoi(proc_read("/proc/self/oom_score_adj")), 300);
	child_ok(pid);
}
