// SPDX-License-Identifier: GPL-2.0-only
/*
 * signalfd: a mask of signals; a read takes those of the reader's own queues.
 * Saved:     the mask. The signals are the task's.
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/fd/files.h"
#include "criu/fd/rfiles.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"

static int signalfd_dump(struct dump *d, const struct fd_info *fi, FileEntry *out)
{
	int r;

	out->sgfd = image_new(d->arena, SIGNALFD_ENTRY, SignalfdEntry);
	if (!out->sgfd)
		return -ENOMEM;
	r = fdinfo_get(fi, "sigmask", 16, &out->sgfd->sigmask);
	return r < 0 ? err_fd(fi, r, "read its mask") : 0;
}

static int signalfd_restore(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	uint64_t mask = rf->fe->sgfd->sigmask;
	/* The system call: libc's sigset_t is larger than the kernel's. */
	autofd int fd = neg_errno((int)syscall(SYS_signalfd4, -1, &mask, sizeof(mask), 0));
	int r;

	if (fd < 0)
		return err_rfile(rf, fd, "create it");
	r = rfile_set_flags(rf, fd, rf->fe->sgfd->flags);
	return r < 0 ? r : take_fd(&fd);
}

const struct fd_kind signalfd_kind = {
	.name = "signalfd",
	.type = FD_TYPES__SIGNALFD,
	.old_image = IMG_SIGNALFD,
	FD_MESSAGE(sgfd, SignalfdEntry),
	.link = "anon_inode:[signalfd]",
	.dump = signalfd_dump,
	.open = signalfd_restore,
};
