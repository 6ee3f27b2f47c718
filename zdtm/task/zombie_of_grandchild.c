// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a zombie belongs to a child, not to the root",
     .peer = "restore: it keeps the low 7 bits of an exit status");

static void parent(void *arg)
{
	pid_t pid = ok_sys(fork());
	int status;

	if (!pid)
		_exit(200);
	wait_state(pid, 'Z');
	checkpoint_and_restore();
	ok_eq(wait(&status), pid);
	ok_eq(WEXITSTATUS(status), 200);
}

void test(void)
{
	pid_t pid = child(parent, NULL);

	checkpoint_and_restore();
	child_ok(pid);
}
