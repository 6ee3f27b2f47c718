// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dump of ghosts: an inode without a name. Saved: type, owner, mode, times, device number, link text,
 * content of regular files; from CHUNKED bytes on only what is no hole.
 * Not saved: extended attributes.
 */
#include "criu/fd/ghost.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/own.h"
#include "criu/fd/files.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"
#include "proto/ghost-file.pb-c.h"

/* Smaller files are written as one piece. */
#define CHUNKED 12288

#define BUCKETS 1024

struct dghost {
	struct list all;
	struct dghost *next; /* in its bucket */
	uint32_t number;
	struct stat st;
	struct task *task; /* where to get it again */
	const char *at;
	const char *target; /* of a symbolic link */
};

struct ghosts {
	struct list all;
	struct dghost *buckets[BUCKETS]; /* by inode number */
	uint32_t n;
};

static const char *link_target(struct dump *d, const struct fd_info *fi)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(fi->fd, "", text, sizeof(text) - 1);

	if (n < 0)
		return NULL;
	text[n] = 0;
	return arena_strdup(d->arena, text);
}

int ghost_dump(struct dump *d, const struct fd_info *fi, uint32_t *ret_number)
{
	struct ghosts *gs = d->files->ghosts;
	uint64_t allocated = (uint64_t)fi->st.st_blocks * 512;
	struct dghost *g, **bucket;

	if (!gs) {
		d->files->ghosts = gs = arena_obj(d->arena, struct ghosts);
		if (!gs)
			return -ENOMEM;
		list_init(&gs->all);
	}
	bucket = &gs->buckets[fi->st.st_ino % BUCKETS];
	for (g = *bucket; g; g = g->next) {
		if (g->st.st_dev == fi->st.st_dev && g->st.st_ino == fi->st.st_ino) {
			*ret_number = g->number;
			return 0;
		}
	}

	if (S_ISREG(fi->st.st_mode) && allocated > d->opt->ghost_limit)
		return block_fd(d, GHOST, fi, -EFBIG, "dump a deleted file of %llu bytes, the limit is %llu; raise --ghost-limit",
				(unsigned long long)allocated, (unsigned long long)d->opt->ghost_limit);
	if (S_ISSOCK(fi->st.st_mode))
		return block_fd(d, GHOST_SOCKET, fi, -ENOTSUP, "dump the deleted name of a socket");

	g = arena_obj(d->arena, struct dghost);
	if (!g)
		return -ENOMEM;
	if (S_ISLNK(fi->st.st_mode)) {
		g->target = link_target(d, fi);
		if (!g->target)
			return err_fd(fi, -EIO, "read the deleted symbolic link");
	}
	g->number = ++gs->n;
	g->st = fi->st;
	g->task = fi->task;
	g->at = arena_strdup(d->arena, fi->at);
	if (!g->at)
		return -ENOMEM;
	list_add_tail(&g->all, &gs->all);
	g->next = *bucket;
	*bucket = g;
	*ret_number = g->number;
	return 0;
}

/* As the kernel numbers devices: 12 bits of major above 20 of minor. */
static uint32_t kdev(dev_t dev)
{
	return major(dev) << 20 | (minor(dev) & 0xfffff);
}

static int write_chunk(struct image *img, int fd, uint64_t off, uint64_t len)
{
	GhostChunkEntry ce = GHOST_CHUNK_ENTRY__INIT;
	int r;

	ce.off = off;
	ce.len = len;
	r = image_write(img, &ce.base);
	if (r < 0)
		return r;
	if (lseek(fd, off, SEEK_SET) < 0)
		return -errno;
	return image_write_from(img, fd, len);
}

/* By SEEK_DATA: every file system can tell, at worst that it is all data. */
static int write_chunks_seek(struct image *img, int fd, uint64_t size)
{
	off_t data, hole = 0;
	int r = 0;

	while (r >= 0 && (uint64_t)hole < size) {
		data = neg_errno(lseek(fd, hole, SEEK_DATA));
		if (data == -ENXIO)
			break;
		hole = data < 0 ? data : neg_errno(lseek(fd, data, SEEK_HOLE));
		if (hole < 0)
			return hole;
		if ((uint64_t)hole > size)
			hole = size;
		r = write_chunk(img, fd, data, hole - data);
	}
	return r;
}

/* By FIEMAP: one call for many extents, and what is allocated but never written is no data. */
static int write_chunks_fiemap(struct image *img, int fd, uint64_t size)
{
	enum { N = 512 };
	autofree struct fiemap *map = calloc(1, sizeof(*map) + N * sizeof(map->fm_extents[0]));
	uint64_t at = 0;
	int r = 0;

	if (!map)
		return -ENOMEM;
	for (;;) {
		map->fm_start = at;
		map->fm_length = FIEMAP_MAX_OFFSET - at;
		map->fm_flags = FIEMAP_FLAG_SYNC;
		map->fm_extent_count = N;
		map->fm_mapped_extents = 0;
		if (ioctl(fd, FS_IOC_FIEMAP, map) < 0)
			return at ? -errno : -EOPNOTSUPP;
		if (!map->fm_mapped_extents)
			return r;

		for (uint32_t i = 0; i < map->fm_mapped_extents; i++) {
			const struct fiemap_extent *e = &map->fm_extents[i];
			uint64_t end = e->fe_logical + e->fe_length;

			at = end;
			if (end > size)
				end = size;
			if (!(e->fe_flags & FIEMAP_EXTENT_UNWRITTEN) && e->fe_logical < end) {
				r = write_chunk(img, fd, e->fe_logical, end - e->fe_logical);
				if (r < 0)
					return r;
			}
			if (e->fe_flags & FIEMAP_EXTENT_LAST)
				return 0;
		}
	}
}

/* Our reading is no access of the task's: its time stays, where the kernel lets us (the owner's right). */
static int open_content(const struct dghost *g)
{
	int fd = neg_errno(openat(g->task->proc, g->at, O_RDONLY | O_NOATIME | O_CLOEXEC));

	return fd == -EPERM ? neg_errno(openat(g->task->proc, g->at, O_RDONLY | O_CLOEXEC)) : fd;
}

static int write_content(const struct dump *d, struct image *img, const struct dghost *g, bool chunks)
{
	autofd int fd = open_content(g);
	int r;

	if (fd < 0)
		return err_task(g->task->pid, fd, "read the deleted file behind its %s", g->at);
	if (!chunks)
		r = image_write_from(img, fd, g->st.st_size);
	else {
		r = d->opt->ghost_fiemap ? write_chunks_fiemap(img, fd, g->st.st_size) : -EOPNOTSUPP;
		if (r == -EOPNOTSUPP)
			r = write_chunks_seek(img, fd, g->st.st_size);
	}
	if (r < 0)
		return err_task(g->task->pid, r, "save the deleted file behind its %s", g->at);
	return 0;
}

static int write_ghost(const struct dump *d, const struct dghost *g)
{
	autoimage struct image *img = NULL;
	GhostFileEntry ge = GHOST_FILE_ENTRY__INIT;
	Timeval atim = TIMEVAL__INIT, mtim = TIMEVAL__INIT;
	int r;

	ge.uid = g->st.st_uid;
	ge.gid = g->st.st_gid;
	ge.mode = g->st.st_mode;
	ge.has_dev = ge.has_ino = true;
	ge.dev = kdev(g->st.st_dev);
	ge.ino = g->st.st_ino;
	if (S_ISCHR(g->st.st_mode) || S_ISBLK(g->st.st_mode)) {
		ge.has_rdev = true;
		ge.rdev = g->st.st_rdev;
	}
	atim.tv_sec = g->st.st_atim.tv_sec;
	atim.tv_usec = g->st.st_atim.tv_nsec / 1000;
	mtim.tv_sec = g->st.st_mtim.tv_sec;
	mtim.tv_usec = g->st.st_mtim.tv_nsec / 1000;
	ge.atim = &atim;
	ge.mtim = &mtim;
	ge.symlnk_target = (char *)g->target;
	if (S_ISREG(g->st.st_mode) && g->st.st_size >= CHUNKED) {
		ge.has_chunks = ge.chunks = true;
		ge.has_size = true;
		ge.size = g->st.st_size;
	}

	r = fault_at(FAULT_DUMP_GHOST);
	if (r >= 0)
		r = image_create(d->images, IMG_GHOST_FILE, g->number, &img);
	if (r >= 0)
		r = image_write(img, &ge.base);
	if (r >= 0 && S_ISREG(g->st.st_mode))
		r = write_content(d, img, g, ge.has_chunks);
	return r < 0 ? r : image_close(take_ptr(img));
}

int ghost_write(struct dump *d)
{
	struct dghost *g;
	int r = 0;

	if (!d->files->ghosts)
		return 0;
	list_for_each (g, &d->files->ghosts->all, all) {
		if (r >= 0)
			r = write_ghost(d, g);
	}
	return r;
}
