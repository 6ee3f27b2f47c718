/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/pidfile.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "criu/image/options.h"

int pidfile_write(const struct options *o, pid_t pid)
{
	autofd int fd = -1;
	char text[16];
	int r, n;

	if (!o->pidfile)
		return 0;

	fd = neg_errno(openat(o->work_fd, o->pidfile, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
	if (fd == -EEXIST)
		return err_path(o->pidfile, fd, "create this pid file; it is of another run, remove it");
	if (fd < 0)
		return err_path(o->pidfile, fd, "create this pid file");

	n = snprintf(text, sizeof(text), "%d", pid);
	r = io_write(fd, text, n);
	if (r < 0) {
		pidfile_undo(o);
		return err_path(o->pidfile, r, "write the pid to it");
	}
	return 0;
}

void pidfile_undo(const struct options *o)
{
	if (o->pidfile)
		(void)unlinkat(o->work_fd, o->pidfile, 0);	/* the first error is told */
}
