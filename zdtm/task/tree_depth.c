// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a chain of 12 descendants keeps its pids and parents");

struct link {
	int depth;
	pid_t parent;
};

static void one(void *arg)
{
	struct link mine = *(struct link *)arg, next = { mine.depth + 1, getpid() };
	pid_t pid = 0;

	if (next.depth < 12)
		pid = child(one, &next);
	pid_t self = getpid();
	checkpoint_and_restore();
	ok_eq(getpid(), self);
	ok_eq(getppid(), mine.parent);
	if (pid)
		child_ok(pid);
}

void test(void)
{
	struct link first = { 1, getpid() };
	pid_t pid = child(one, &first);

	checkpoint_and_restore();
	child_ok(pid);
}
