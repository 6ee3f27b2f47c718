// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "a child subreaper stays one: an orphan comes to it after the restore");

static void grandchild(void *arg)
{
	checkpoint_and_restore();
	_exit(7);
}

static void middle(void *arg)
{
	pid_t pid = child(grandchild, NULL);

	ok_eq(write(*(int *)arg, &pid, sizeof(pid)), sizeof(pid));
	checkpoint_and_restore();
}

void test(void)
{
	int p[2], status, is;
	pid_t mid, pid;

	ok_sys(prctl(PR_SET_CHILD_SUBREAPER, 1));
	ok_sys(pipe(p));
	mid = child(middle, &p[1]);
	ok_eq(read(p[0], &pid, sizeof(pid)), sizeof(pid));
	checkpoint_and_restore();
	ok_sys(prctl(PR_GET_CHILD_SUBREAPER, &is));
	ok_eq(is, 1);
	child_ok(mid);
	ok_eq(stat_field(pid, 4), getpid());
	child_go(pid);
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 7 << 8);
}
