// SPDX-License-Identifier: GPL-2.0-only
/*
 * FIFOs: a pipe whose inode has a name in a file system.
 * Saved:     each end as a REG entry with its path, flags and owner; data and capacity once an inode.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/fd/files.h"
#include "criu/fd/fown.h"
#include "criu/fd/pipedata.h"
#include "criu/fd/reg.h"
#include "criu/fd/rfiles.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"

static bool fifo_is(const struct dump *d, const struct fd_info *fi)
{
	return S_ISFIFO(fi->st.st_mode) && fi->link[0] == '/' && !(fi->flags & O_PATH);
}

static int fifo_dump(struct dump *d, const struct fd_info *fi, FileEntry *out)
{
	int r;

	out->fifo = image_new(d->arena, FIFO_ENTRY, FifoEntry);
	if (!out->fifo)
		return -ENOMEM;
	out->fifo->has_regf_id = true;
	r = reg_add(d, fi, fi->flags, &out->fifo->regf_id);
	return r < 0 ? r : pipedata_note(d, (struct dpipes **)&d->files->state[FD_KIND_fifo], fi, &out->fifo->pipe_id);
}

static int fifo_check(struct dump *d)
{
	return pipedata_check(d, d->files->state[FD_KIND_fifo]);
}

static int fifo_write(struct dump *d)
{
	return pipedata_write(d, d->files->state[FD_KIND_fifo], IMG_FIFO_DATA);
}

/* --- restore ---------------------------------------------------------------------------------- */

static int fifo_read(struct restore *rs)
{
	return pipedata_read(rs, IMG_FIFO_DATA, (struct rpipes **)&rs->files->state[FD_KIND_fifo]);
}

/* Old images had no entry for the path: it was the REG entry of the same id, which we refuse as two files. */
static struct rfile *path_of(const struct restore *rs, const struct rfile *rf)
{
	struct rfile *reg = rf->fe->fifo->has_regf_id ? rfile_find(rs, rf->fe->fifo->regf_id) : NULL;

	return reg && reg->fe->type == FD_TYPES__REG ? reg : NULL;
}

static int fifo_collect(struct restore *rs, struct rfile *rf)
{
	struct rpipe *p = pipedata_get(rs, rs->files->state[FD_KIND_fifo], rf->fe->fifo->pipe_id);

	if (!p)
		return -ENOMEM;
	if (!path_of(rs, rf))
		return refuse_rfile(rf, -EINVAL, "find the entry of its path, file %u", rf->fe->fifo->regf_id);
	p->packets |= !!(path_of(rs, rf)->fe->reg->flags & O_DIRECT);
	rf->state = p;
	if (!p->lead)
		p->lead = rf;
	rf->lead = p->lead;
	return 0;
}

/* While both ends are open somewhere, no open() of one waits, and what is written stays. */
static int hold_open(struct restore *rs, struct rtask *rt, struct rfile *rf, struct rpipe *p)
{
	int fd = reg_open(rs, path_of(rs, rf), O_RDWR);
	int r;

	if (fd < 0)
		return fd;
	r = pipedata_fill(rs, p, IMG_FIFO_DATA, fd, rf);
	if (r < 0) {
		close(fd);
		return r;
	}
	p->fds[0] = rfile_park(rs, rt, fd);
	if (p->fds[0] < 0)
		return err_rfile(rf, p->fds[0], "hold it open");
	p->made = true;
	return 0;
}

static int fifo_open(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	struct rfile *reg = path_of(rs, rf);
	struct rpipe *p = rf->state;
	int r = p->made ? 0 : hold_open(rs, rt, rf, p);

	return r < 0 ? r : reg_open_held(rs, reg, reg->fe->reg->flags & ~O_ASYNC);
}

/* All tasks have their ends now. */
static int fifo_finish(struct restore *rs, struct rtask *rt, struct rfile *rf, int fd)
{
	struct rpipe *p = rf->state;

	if (p->fds[0] >= 0)
		close(take_fd(&p->fds[0]));
	return fown_restore(rs, path_of(rs, rf), fd);
}

const struct fd_kind fifo_kind = {
	.name = "fifo",
	.type = FD_TYPES__FIFO,
	.old_image = IMG_FIFO,
	FD_MESSAGE_BARE(fifo),
	.is = fifo_is,
	.dump = fifo_dump,
	.check = fifo_check,
	.write = fifo_write,
	.read = fifo_read,
	.collect = fifo_collect,
	.open = fifo_open,
	.finish = fifo_finish,
};
