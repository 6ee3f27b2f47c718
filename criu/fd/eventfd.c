// SPDX-License-Identifier: GPL-2.0-only
/*
 * eventfd: a 64-bit counter behind an anonymous inode.
 * Saved:     the counter; EFD_SEMAPHORE where fdinfo tells it (Linux 6.5).
 * Not saved: who sleeps in read(); the thread starts its call again.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/fd/files.h"
#include "criu/fd/rfiles.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"

/*
 * The image has no field for EFD_SEMAPHORE. Its bit in the flags is the one of O_WRONLY, which no
 * eventfd has: they are all O_RDWR. Readers that do not know set flags by F_SETFL, which ignores it.
 */
static int eventfd_dump(struct dump *d, const struct fd_info *fi, FileEntry *out)
{
	uint64_t semaphore = 0;
	int r;

	out->efd = image_new(d->arena, EVENTFD_FILE_ENTRY, EventfdFileEntry);
	if (!out->efd)
		return -ENOMEM;
	/* read() would empty the counter; fdinfo has shown it, in hex, since Linux 3.8. */
	r = fdinfo_get(fi, "eventfd-count", 16, &out->efd->counter);
	if (r < 0)
		return err_fd(fi, r, "read its counter");
	(void)fdinfo_get(fi, "eventfd-semaphore", 10, &semaphore);
	out->efd->flags = fi->flags | (semaphore ? EFD_SEMAPHORE : 0);
	return 0;
}

static int eventfd_restore(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	const EventfdFileEntry *ee = rf->fe->efd;
	autofd int fd = neg_errno(eventfd(0, ee->flags & EFD_SEMAPHORE));
	uint64_t counter = ee->counter;
	int r;

	if (fd < 0)
		return err_rfile(rf, fd, "create it");
	/* eventfd(2) takes a 32-bit start value; the counter has 64 bits. All ones is no counter, and EINVAL. */
	r = counter ? neg_errno((int)write(fd, &counter, sizeof(counter))) : 0;
	if (r < 0)
		return err_rfile(rf, r, "set its counter to %" PRIu64, counter);
	r = rfile_set_flags(rf, fd, ee->flags);
	return r < 0 ? r : take_fd(&fd);
}

const struct fd_kind eventfd_kind = {
	.name = "eventfd",
	.type = FD_TYPES__EVENTFD,
	.old_image = IMG_EVENTFD,
	FD_MESSAGE(efd, EventfdFileEntry),
	.link = "anon_inode:[eventfd]",
	.dump = eventfd_dump,
	.open = eventfd_restore,
};
