/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/lifeline.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/task/restore.h"

/* Out of the way of all descriptors that tasks will have. */
static int move_up(const struct restore *rs, int *fd)
{
	int high = neg_errno(fcntl(*fd, F_DUPFD_CLOEXEC, fd_restore_top(rs)));

	if (high < 0)
		return high;
	close(*fd);
	*fd = high;
	return 0;
}

int lifeline_begin(struct restore *rs)
{
	int r = (int)neg_errno(pipe2(rs->lifeline, O_CLOEXEC));

	for (int i = 0; !r && i < 2; i++)
		r = move_up(rs, &rs->lifeline[i]);
	snprintf(rs->lifeline_path, sizeof(rs->lifeline_path), "/proc/self/fd/%d", rs->lifeline[0]);
	return r < 0 ? err_any(r, "make a pipe that tells tasks of our end") : 0;
}

void lifeline_end(struct restore *rs)
{
	own_close(&rs->lifeline[0]);
	own_close(&rs->lifeline[1]);
}

/* A pipe opened anew is a file of its own, with an owner and a signal of its own. */
static int open_own(const struct restore *rs)
{
	int fd = neg_errno(open(rs->lifeline_path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)), r;

	if (fd < 0)
		return fd;
	r = move_up(rs, &fd);
	if (r < 0)
		close(fd);
	return r < 0 ? r : fd;
}

int lifeline_hold(struct restore *rs, const struct rtask *rt)
{
	char c;
	int fd, r;

	/* The root has a copy; those that it forks have none. */
	if (!rt->parent)
		own_close(&rs->lifeline[1]);
	fd = open_own(rs);
	r = fd < 0 ? fd : (int)neg_errno(fcntl(fd, F_SETOWN, rt->pid));
	/* F_SETSIG takes any signal, and fasync sends it when the last writer is gone. */
	if (!r)
		r = (int)neg_errno(fcntl(fd, F_SETSIG, SIGKILL));
	if (!r)
		r = (int)neg_errno(fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK));
	if (r < 0)
		return err_task(rt->pid, r, "let it die when criu does");

	/* The end of file was there before we listened. */
	if (read(fd, &c, 1) == 0)
		_exit(1);
	return 0; /* the restorer closes it, with all else above the floor */
}
