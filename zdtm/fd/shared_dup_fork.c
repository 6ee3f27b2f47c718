// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "one description seen from parent, child and grandchild stays one: positions and flags move together");

static int fd;

static void grandchild(void *arg)
{
	int mine = ok_fd(dup2(fd, 100));

	close(fd);
	checkpoint_and_restore();
	ok_eq(lseek(mine, 0, SEEK_CUR), 5);
	ok_eq(lseek(mine, 6, SEEK_SET), 6);
	ok_sys(fcntl(mine, F_SETFL, O_APPEND));
}

static void kid(void *arg)
{
	pid_t pid = child(grandchild, NULL);

	checkpoint_and_restore();
	child_ok(pid);
}

void test(void)
{
	pid_t pid;
	int other;

	fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	other = ok_fd(open("file", O_RDWR));
	ok_eq(lseek(fd, 3, SEEK_SET), 3);
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_eq(lseek(fd, 5, SEEK_SET), 5);
	child_ok(pid);
	ok_eq(lseek(fd, 0, SEEK_CUR), 6);
	ok_eq(fcntl(fd, F_GETFL) & O_APPEND, O_APPEND);
	/* Opened for itself: not moved. */
	ok_eq(lseek(other, 0, SEEK_CUR), 0);
	ok_eq(fcntl(other, F_GETFL) & O_APPEND, 0);
}
