// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pipes: an inode of pipefs with a queue, open at any number of ends. Ends beyond the two of
 * pipe(2) come from open("/proc/PID/fd/N").
 * Saved:     which ends are open, data, packets and their bounds, capacity, flags of each end.
 * Not saved: an end outside the tree; then ours reads end of file, or --inherit-fd gives it anew.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/fd/files.h"
#include "criu/fd/pipedata.h"
#include "criu/fd/rfiles.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"

static bool pipe_is(const struct dump *d, const struct fd_info *fi)
{
	return S_ISFIFO(fi->st.st_mode) && !strncmp(fi->link, "pipe:[", 6) && !(fi->flags & O_PATH);
}

static int pipe_dump(struct dump *d, const struct fd_info *fi, FileEntry *out)
{
	out->pipe = image_new(d->arena, PIPE_ENTRY, PipeEntry);
	if (!out->pipe)
		return -ENOMEM;
	return pipedata_note(d, (struct dpipes **)&d->files->state[FD_KIND_pipe], fi, &out->pipe->pipe_id);
}

static int pipe_check(struct dump *d)
{
	return pipedata_check(d, d->files->state[FD_KIND_pipe]);
}

static int pipe_write(struct dump *d)
{
	return pipedata_write(d, d->files->state[FD_KIND_pipe], IMG_PIPES_DATA);
}

/* --- restore ---------------------------------------------------------------------------------- */

static int pipe_read(struct restore *rs)
{
	return pipedata_read(rs, IMG_PIPES_DATA, (struct rpipes **)&rs->files->state[FD_KIND_pipe]);
}

static int pipe_collect(struct restore *rs, struct rfile *rf)
{
	const PipeEntry *pe = rf->fe->pipe;
	struct rpipe *p = pipedata_get(rs, rs->files->state[FD_KIND_pipe], pe->pipe_id);
	uint32_t access = pe->flags & O_ACCMODE;

	if (!p)
		return -ENOMEM;
	if (access == O_ACCMODE)
		return refuse_rfile(rf, -EINVAL, "open an end with flags %#o", pe->flags);
	p->packets |= !!(pe->flags & O_DIRECT);
	rf->state = p;
	if (!p->lead)
		p->lead = rf;
	rf->lead = p->lead;
	if (access != O_RDWR && !(pe->flags & rfile_open_flag()) && !p->first[access])
		p->first[access] = rf;
	return 0;
}

/* Another end of the pipe that @from is an end of. */
static int another_end(const struct rfile *rf, int from)
{
	const PipeEntry *pe = rf->fe->pipe;
	char path[32];
	int fd;

	/* O_NONBLOCK: the open must not wait for the other end. It is set right by whoever called. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", from);
	fd = neg_errno(open(path, (pe->flags & O_ACCMODE) | O_NONBLOCK | O_CLOEXEC));
	return fd < 0 ? err_rfile(rf, fd, "open another end of pipe %u", pe->pipe_id) : fd;
}

static int make_pipe(struct restore *rs, struct rtask *rt, struct rfile *rf, struct rpipe *p)
{
	int r;

	if (pipe2(p->fds, O_CLOEXEC) < 0)
		return err_rfile(rf, -errno, "make the pipe");
	p->made = true;
	r = pipedata_fill(rs, p, IMG_PIPES_DATA, p->fds[1], rf);
	/* Out of the way of what comes to stand at low numbers. */
	for (int i = 0; r >= 0 && i < 2; i++) {
		r = p->fds[i] = rfile_park(rs, rt, p->fds[i]);
		if (r < 0)
			err_rfile(rf, r, "keep an end of the pipe");
	}
	return r;
}

/* Give away the end kept for @rf, or open another. */
static int open_end(struct rfile *rf, struct rpipe *p)
{
	int access = rf->fe->pipe->flags & O_ACCMODE;

	if (p->first[access & 1] == rf && access != O_RDWR)
		return take_fd(&p->fds[access]);
	for (int i = 0; i < 2; i++) {
		if (p->fds[i] >= 0)
			return another_end(rf, p->fds[i]);
	}
	return another_end(rf, p->lead->slot->fd);
}

static void key_of(const struct rfile *rf, char key[32])
{
	snprintf(key, 32, "pipe:[%u]", rf->fe->pipe->pipe_id);
}

/* A pipe of our own, of the size that it will have, is good for a trial. */
static int pipe_look(struct restore *rs, struct rfile *rf)
{
	const struct rpipe *p = rf->state;
	char key[32];

	key_of(rf, key);
	return p->lead != rf || rfile_given(rs, key) >= 0 ? 0 : pipedata_look(p, rf);
}

static int open_inherited(struct restore *rs, struct rfile *rf)
{
	uint32_t access = rf->fe->pipe->flags & O_ACCMODE;
	char key[32];
	autofd int fd = -1;
	int flags;

	key_of(rf, key);
	fd = rfile_inherited(rs, key);
	if (fd == -ENOENT)
		return fd;
	flags = fd < 0 ? fd : neg_errno(fcntl(fd, F_GETFL));
	if (flags < 0)
		return err_rfile(rf, flags, "use the inherited %s", key);
	/* What was given may be the other end. */
	if ((flags & O_ACCMODE) != (int)access)
		return another_end(rf, fd);
	return take_fd(&fd);
}

static int pipe_open(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	struct rpipe *p = rf->state;
	bool makes = !p->made;
	autofd int fd = -1;
	int r;

	fd = open_inherited(rs, rf);
	if (fd == -ENOENT) {
		r = makes ? make_pipe(rs, rt, rf, p) : 0;
		if (r < 0)
			return r;
		fd = open_end(rf, p);
	}
	if (fd < 0)
		return fd;
	/* An end that nobody has is closed as soon as it is not needed to get at the pipe. */
	for (int i = 0; makes && i < 2; i++) {
		if (!p->first[i] && p->fds[i] >= 0) {
			close(p->fds[i]);
			p->fds[i] = -1;
		}
	}
	r = rfile_set_flags(rf, fd, rf->fe->pipe->flags);
	return r < 0 ? r : take_fd(&fd);
}

const struct fd_kind pipe_kind = {
	.name = "pipe",
	.type = FD_TYPES__PIPE,
	.old_image = IMG_PIPES,
	FD_MESSAGE(pipe, PipeEntry),
	.is = pipe_is,
	.dump = pipe_dump,
	.check = pipe_check,
	.write = pipe_write,
	.read = pipe_read,
	.collect = pipe_collect,
	.look = pipe_look,
	.open = pipe_open,
};
