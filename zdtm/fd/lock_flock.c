// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/file.h>

TEST(.does = "flock locks belong to the description: held through dup() and fork(), gone with the last of them",
     .opts = "--file-locks", .peer = "dump: of a description that tasks share it writes the first of them as the owner, where /proc/locks names who has locked");

static int excl, other;

static void child_locks(void *arg)
{
	ok_zero(flock(other, LOCK_SH));
	checkpoint_and_restore();
	/* It is ours as well. */
	ok_zero(flock(other, LOCK_UN));
}

void test(void)
{
	int again, twice;
	pid_t pid;

	excl = ok_fd(open("exclusive", O_RDWR | O_CREAT, 0600));
	other = ok_fd(open("shared", O_RDWR | O_CREAT, 0600));
	ok_zero(flock(excl, LOCK_EX));
	twice = ok_fd(dup(excl));
	pid = child(child_locks, NULL);
	checkpoint_and_restore();
	again = ok_fd(open("exclusive", O_RDWR));
	ok_errno(flock(again, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	close(excl);
	ok_errno(flock(again, LOCK_SH | LOCK_NB), EWOULDBLOCK);

	close(again);
	again = ok_fd(open("shared", O_RDWR));
	ok_errno(flock(again, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	ok_zero(flock(again, LOCK_SH | LOCK_NB));
	ok_zero(flock(again, LOCK_UN));
	child_ok(pid);
	ok_zero(flock(again, LOCK_EX | LOCK_NB));

	close(twice);
	again = ok_fd(open("exclusive", O_RDWR));
	ok_zero(flock(again, LOCK_EX | LOCK_NB));
}
