// SPDX-License-Identifier: GPL-2.0-only
#include "criu/fd/pipedata.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/list.h"
#include "base/own.h"
#include "criu/fd/files.h"
#include "criu/fd/rfiles.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"
#include "proto/pipe-data.pb-c.h"

#define BUCKETS 1024

/* --- dump ------------------------------------------------------------------------------------- */

struct dpipe {
	struct list all;
	struct dpipe *next; /* in its bucket */
	uint32_t id;
	dev_t dev;
	ino_t ino;
	struct task *task; /* a descriptor that can be read */
	int number;
	struct task *writer; /* one that can be written */
	int writer_number;
	bool packets;
};

struct dpipes {
	struct list all;
	struct dpipe *buckets[BUCKETS];
};

static struct dpipe *find_id(const struct dpipes *set, uint32_t id)
{
	struct dpipe *p = set->buckets[id % BUCKETS];

	while (p && p->id != id)
		p = p->next;
	return p;
}

int pipedata_note(struct dump *d, struct dpipes **set, const struct fd_info *fi, uint32_t *ret_id)
{
	uint32_t id = fi->st.st_ino;
	struct dpipe *p;

	if (!*set) {
		*set = arena_obj(d->arena, struct dpipes);
		if (!*set)
			return -ENOMEM;
		list_init(&(*set)->all);
	}
	/* Inode numbers are unique in a file system, and longer than ids. */
	while ((p = find_id(*set, id)) && (p->dev != fi->st.st_dev || p->ino != fi->st.st_ino))
		id++;
	if (!p) {
		p = arena_obj(d->arena, struct dpipe);
		if (!p)
			return -ENOMEM;
		p->id = id;
		p->dev = fi->st.st_dev;
		p->ino = fi->st.st_ino;
		p->next = (*set)->buckets[id % BUCKETS];
		(*set)->buckets[id % BUCKETS] = p;
		list_add_tail(&p->all, &(*set)->all);
	}

	if (!p->task && (fi->flags & O_ACCMODE) != O_WRONLY) {
		p->task = fi->task;
		p->number = fi->number;
	}
	if (!p->writer && (fi->flags & O_ACCMODE) != O_RDONLY) {
		p->writer = fi->task;
		p->writer_number = fi->number;
	}
	p->packets |= !!(fi->flags & O_DIRECT);
	*ret_id = p->id;
	return 0;
}

/* Who polls one end is told when nobody has the other. */
static int warn_of_other_end(const struct dump *d, struct task *t, int number, short gone, const char *what)
{
	const struct dfile f = { .task = t, .number = number };
	autofd int fd = dfile_fetch(&f);
	struct pollfd p = { .fd = fd };

	if (fd < 0)
		return fd;
	if (poll(&p, 1, 0) >= 0 && !(p.revents & gone))
		block_warn(d, PIPE_OUTSIDE, t->pid, "descriptor %d is a pipe that somebody outside of the tree %s; "
			   "after a restore nobody does, unless --inherit-fd gives it", number, what);
	return 0;
}

int pipedata_check(const struct dump *d, const struct dpipes *set)
{
	const struct dpipe *p;
	int r = 0;

	if (!set)
		return 0;
	list_for_each (p, &set->all, all) {
		if (r >= 0 && !p->task)
			r = warn_of_other_end(d, p->writer, p->writer_number, POLLERR, "reads");
		else if (r >= 0 && !p->writer)
			r = warn_of_other_end(d, p->task, p->number, POLLHUP, "writes");
	}
	return r;
}

static int write_entry(struct image *img, const struct dpipe *p, int size, const void *data, size_t bytes)
{
	PipeDataEntry pd = PIPE_DATA_ENTRY__INIT;
	int r;

	pd.pipe_id = p->id;
	pd.bytes = bytes;
	pd.has_size = true;
	pd.size = size;
	r = image_write(img, &pd.base);
	return r < 0 || !data ? r : image_write_raw(img, data, bytes);
}

/*
 * The copy in @fd is ours to empty. In packet mode a read gives one packet at most, and
 * PIPE_BUF holds the largest.
 */
static int write_packets(struct image *img, const struct dpipe *p, int size, int fd, size_t bytes)
{
	char packet[PIPE_BUF];
	int r = 0;

	while (r >= 0 && bytes) {
		ssize_t n = neg_errno(read(fd, packet, sizeof(packet)));

		if (n <= 0)
			return n < 0 ? n : -EIO;
		r = write_entry(img, p, size, packet, n);
		bytes -= n;
	}
	return r;
}

static int write_copy(struct image *img, const struct dpipe *p, int size, int fd, size_t bytes)
{
	int r;

	if (p->packets)
		return write_packets(img, p, size, fd, bytes);
	r = write_entry(img, p, size, NULL, bytes);
	return r < 0 ? r : image_write_from(img, fd, bytes);
}

/* tee() begins at the start each time, so our pipe must have room for all that is there. */
static int copy_pipe(int fd, int size, size_t bytes, int ret_fds[2])
{
	int n;

	if (pipe2(ret_fds, O_CLOEXEC) < 0)
		return -errno;
	/* May fail with EPERM above pipe-max-size; less may do. */
	(void)fcntl(ret_fds[1], F_SETPIPE_SZ, size);
	n = neg_errno((int)tee(fd, ret_fds[1], INT_MAX, SPLICE_F_NONBLOCK));
	if (n < 0)
		return n;
	return (size_t)n == bytes ? 0 : -ENOBUFS;
}

static int write_pipe(struct image *img, const struct dpipe *p)
{
	const struct dfile from = { .task = p->task, .number = p->number };
	autofd int fd = dfile_fetch(&from);
	autofd int out = -1, in = -1;
	int fds[2] = { -1, -1 }, size, bytes, r;

	if (fd < 0)
		return fd;
	size = neg_errno(fcntl(fd, F_GETPIPE_SZ));
	r = size < 0 ? size : neg_errno(ioctl(fd, FIONREAD, &bytes));
	if (r < 0)
		return err_task(p->task->pid, r, "tell how much is in the pipe behind its descriptor %d", p->number);
	r = fault_at(FAULT_DUMP_PIPE_DATA);
	if (r < 0)
		return r;
	if (!bytes)
		return write_entry(img, p, size, NULL, 0);

	r = copy_pipe(fd, size, bytes, fds);
	out = fds[0];
	in = fds[1];
	if (r < 0)
		return err_task(p->task->pid, r, "copy the %d bytes in the pipe behind its descriptor %d%s", bytes, p->number,
				r == -ENOBUFS ? "; raise fs.pipe-max-size" : "");
	return write_copy(img, p, size, out, bytes);
}

int pipedata_write(struct dump *d, struct dpipes *set, enum image_kind kind)
{
	autoimage struct image *img = NULL;
	struct dpipe *p;
	int r;

	r = image_create(d->images, kind, 0, &img);
	if (r < 0)
		return r;
	if (set) {
		list_for_each (p, &set->all, all) {
			if (p->task && r >= 0)
				r = write_pipe(img, p);
		}
	}
	return r < 0 ? r : image_close(take_ptr(img));
}

/* --- restore ---------------------------------------------------------------------------------- */

/* Bytes of one entry: read from the image when they are needed, by the one task that makes the pipe. */
struct pipe_chunk {
	struct pipe_chunk *next;
	off_t off;
	uint32_t bytes;
};

struct rpipes {
	struct rpipe *buckets[BUCKETS];
};

struct rpipe *pipedata_get(struct restore *rs, struct rpipes *set, uint32_t id)
{
	struct rpipe **bucket = &set->buckets[id % BUCKETS], *p;

	for (p = *bucket; p; p = p->next) {
		if (p->id == id)
			return p;
	}
	p = arena_obj(rs->arena, struct rpipe);
	if (!p)
		return NULL;
	p->id = id;
	p->fds[0] = p->fds[1] = -1;
	p->chunks_end = &p->chunks;
	p->next = *bucket;
	*bucket = p;
	return p;
}

static int read_entry(struct restore *rs, struct rpipes *set, struct image *img, const PipeDataEntry *pd)
{
	struct rpipe *p = pipedata_get(rs, set, pd->pipe_id);
	struct pipe_chunk *c;
	int r;

	if (!p)
		return -ENOMEM;
	if (pd->has_size)
		p->size = pd->size;
	if (p->size > INT_MAX)
		return refuse_path(image_name(img), -EINVAL, "give pipe %u a capacity of %u bytes", p->id, p->size);
	p->bytes += pd->bytes;
	if (p->size && p->bytes > p->size)
		return refuse_path(image_name(img), -EINVAL, "put %llu bytes into pipe %u, which holds %u",
				   (unsigned long long)p->bytes, p->id, p->size);
	if (!pd->bytes)
		return 0;

	c = arena_obj(rs->arena, struct pipe_chunk);
	if (!c)
		return -ENOMEM;
	c->bytes = pd->bytes;
	r = image_tell(img, &c->off);
	if (r < 0)
		return r;
	*p->chunks_end = c;
	p->chunks_end = &c->next;
	return image_skip_raw(img, pd->bytes);
}

int pipedata_read(struct restore *rs, enum image_kind kind, struct rpipes **ret_set)
{
	autoimage struct image *img = NULL;
	struct rpipes *set = arena_obj(rs->arena, struct rpipes);
	PipeDataEntry *pd;
	int r;

	if (!set)
		return -ENOMEM;
	r = image_open(rs->images, kind, 0, &img);
	while (r >= 0 && (r = image_read(img, &pipe_data_entry__descriptor, &pd)) > 0)
		r = read_entry(rs, set, img, pd);
	if (r < 0)
		return r;
	*ret_set = set;
	return 0;
}

static int fill_chunk(struct image *img, const struct pipe_chunk *c, int fd)
{
	char buf[65536];
	uint32_t done = 0;

	while (done < c->bytes) {
		size_t part = c->bytes - done < sizeof(buf) ? c->bytes - done : sizeof(buf);
		int r = io_pread(image_fd(img), buf, part, c->off + done);

		if (r >= 0)
			r = io_write(fd, buf, part);
		if (r < 0)
			return r;
		done += part;
	}
	return 0;
}

int pipedata_set_size(const struct rpipe *p, int fd, const struct rfile *rf)
{
	int now = neg_errno(fcntl(fd, F_GETPIPE_SZ)), r = now;

	if (p->size && now >= 0 && (uint32_t)now != p->size)
		r = neg_errno(fcntl(fd, F_SETPIPE_SZ, p->size));
	return r < 0 ? err_rfile(rf, r, "give the pipe a capacity of %u bytes; raise fs.pipe-max-size", p->size) : 0;
}

int pipedata_look(const struct rpipe *p, const struct rfile *rf)
{
	autofd int out = -1, in = -1;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_rfile(rf, -errno, "make the pipe");
	out = fds[0];
	in = fds[1];
	return pipedata_set_size(p, in, rf);
}

int pipedata_fill(struct restore *rs, const struct rpipe *p, enum image_kind kind, int fd, const struct rfile *rf)
{
	autoimage struct image *img = NULL;
	int r = pipedata_set_size(p, fd, rf), flags;

	if (r < 0 || !p->chunks)
		return r;

	r = fault_at(FAULT_RESTORE_PIPE_DATA);
	if (r >= 0)
		r = image_open(rs->images, kind, 0, &img);
	/* More than fits would wait for ever: be told instead. */
	flags = r < 0 ? r : neg_errno(fcntl(fd, F_GETFL));
	if (flags >= 0)
		r = neg_errno(fcntl(fd, F_SETFL, flags | O_NONBLOCK | (p->packets ? O_DIRECT : 0)));
	for (const struct pipe_chunk *c = p->chunks; r >= 0 && c; c = c->next)
		r = fill_chunk(img, c, fd);
	if (r >= 0)
		r = neg_errno(fcntl(fd, F_SETFL, flags));
	if (r < 0)
		return err_rfile(rf, r, "fill the pipe with %llu bytes", (unsigned long long)p->bytes);
	return 0;
}
