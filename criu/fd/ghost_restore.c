// SPDX-License-Identifier: GPL-2.0-only
/*
 * Restore of ghosts: made again in the coordinator, under a temporary name each; opened there by all that need them. At the end
 * the temporary name is renamed to the old one and removed, so that /proc shows what it showed before: "NAME (deleted)".
 */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/list.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/ghost.h"
#include "criu/fd/rfiles.h"
#include "criu/fd/tmpname.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/restore.h"
#include "proto/ghost-file.pb-c.h"

#define BUCKETS 1024

struct ghost {
	struct ghost *next;
	struct ghost *same_bucket;
	uint32_t number;
	GhostFileEntry *ge;
	struct list names; /* struct tmpname; the first makes the inode, the others are links to it */
};

struct rghosts {
	struct ghost *all;
	struct ghost *buckets[BUCKETS]; /* by number */
};

static int check_head(const struct ghost *g, const char *image)
{
	const GhostFileEntry *ge = g->ge;
	mode_t type = ge->mode & S_IFMT;

	if (type != S_IFREG && type != S_IFDIR && type != S_IFIFO && type != S_IFLNK && type != S_IFCHR && type != S_IFBLK)
		return refuse_path(image, -EINVAL, "make a file of mode %#o", ge->mode);
	if ((type == S_IFCHR || type == S_IFBLK) && !ge->has_rdev)
		return refuse_path(image, -EINVAL, "make a device without its number");
	if (type == S_IFLNK && (!ge->symlnk_target || !*ge->symlnk_target))
		return refuse_path(image, -EINVAL, "make a symbolic link without its text");
	if (ge->chunks && (!ge->has_size || ge->size > INT64_MAX))
		return refuse_path(image, -EINVAL, "make a file without a size");
	return 0;
}

static int read_head(struct restore *rs, uint32_t number, struct ghost **ret_ghost)
{
	autoimage struct image *img = NULL;
	struct ghost *g = arena_obj(rs->arena, struct ghost);
	int r;

	if (!g)
		return -ENOMEM;
	r = image_open(rs->images, IMG_GHOST_FILE, number, &img);
	if (r >= 0)
		r = image_read(img, &ghost_file_entry__descriptor, &g->ge);
	if (r == 0)
		r = err_path(image_name(img), -ENODATA, "find the deleted file it should have");
	if (r >= 0)
		r = check_head(g, image_name(img));
	if (r < 0)
		return r;
	g->number = number;
	list_init(&g->names);
	*ret_ghost = g;
	return 0;
}

/* The ghost @number: known, or read now. */
static int get_ghost(struct restore *rs, uint32_t number, struct ghost **ret_ghost)
{
	struct rghosts *set = rs->files->ghosts;
	struct ghost **bucket, *g;
	int r;

	if (!set)
		set = rs->files->ghosts = arena_obj(rs->arena, struct rghosts);
	if (!set)
		return -ENOMEM;
	bucket = &set->buckets[number % BUCKETS];
	for (g = *bucket; g && g->number != number;)
		g = g->same_bucket;
	if (!g) {
		r = read_head(rs, number, &g);
		if (r < 0)
			return r;
		g->next = set->all;
		set->all = g;
		g->same_bucket = *bucket;
		*bucket = g;
	}
	*ret_ghost = g;
	return 0;
}

int ghost_name(struct restore *rs, uint32_t number, const char *name, struct tmpname **ret_name)
{
	struct tmpname *tn;
	struct ghost *g;
	int r = get_ghost(rs, number, &g);

	if (r < 0)
		return r;
	list_for_each (tn, &g->names, same) {
		if (!strcmp(tn->name, name)) {
			*ret_name = tn;
			return 0;
		}
	}
	tn = tmpname_new(rs, name, arena_printf(rs->arena, "%s.cr.%x.ghost", name, number));
	if (!tn)
		return -ENOMEM;
	list_add_tail(&tn->same, &g->names);
	*ret_name = tn;
	return 0;
}

/* --- content ------------------------------------------------------------------------------------ */

/* @n bytes of the image, which are behind its last message, to @fd. */
static int copy_out(struct image *img, int fd, uint64_t n)
{
	char buf[65536];
	int r = 0;

	while (r >= 0 && n) {
		size_t part = n < sizeof(buf) ? n : sizeof(buf);

		r = image_read_raw(img, buf, part);
		if (r >= 0)
			r = io_write(fd, buf, part);
		n -= part;
	}
	return r;
}

static int fill_chunks(struct image *img, const GhostFileEntry *ge, int fd)
{
	GhostChunkEntry *ce;
	int r;

	if (ftruncate(fd, ge->size) < 0)
		return -errno;
	while ((r = image_read(img, &ghost_chunk_entry__descriptor, &ce)) > 0) {
		if (ce->off > ge->size || ce->len > ge->size - ce->off)
			return -EINVAL;
		if (lseek(fd, ce->off, SEEK_SET) < 0)
			return -errno;
		r = copy_out(img, fd, ce->len);
		if (r < 0)
			return r;
	}
	return r;
}

/* What is behind the head, to the end of the image. */
static int fill_plain(struct image *img, int fd)
{
	struct stat st;
	off_t at;
	int r = image_tell(img, &at);

	if (r < 0)
		return r;
	if (fstat(image_fd(img), &st) < 0)
		return -errno;
	return copy_out(img, fd, st.st_size - at);
}

static int fill(struct restore *rs, const struct ghost *g, int fd)
{
	autoimage struct image *img = NULL;
	GhostFileEntry *ge;
	int r;

	r = image_open(rs->images, IMG_GHOST_FILE, g->number, &img);
	if (r >= 0)
		r = image_read(img, &ghost_file_entry__descriptor, &ge);
	if (r < 0)
		return r;
	return ge->chunks ? fill_chunks(img, ge, fd) : fill_plain(img, fd);
}

/* --- the inode ---------------------------------------------------------------------------------- */

static int make_file(struct restore *rs, const struct ghost *g, const char *path)
{
	autofd int fd = neg_errno(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));

	return fd < 0 ? fd : fill(rs, g, fd);
}

static int make_inode(struct restore *rs, const struct ghost *g, const char *path)
{
	const GhostFileEntry *ge = g->ge;

	switch (ge->mode & S_IFMT) {
	case S_IFREG:
		return make_file(rs, g, path);
	case S_IFDIR:
		return neg_errno(mkdir(path, 0700));
	case S_IFLNK:
		return neg_errno(symlink(ge->symlnk_target, path));
	default: /* rdev is as in stat(), which for 32 bits is what mknod() takes */
		return neg_errno(mknod(path, (ge->mode & S_IFMT) | 0600, ge->rdev));
	}
}

/* Owner before mode: chown() takes the set-id bits away. Times last. */
static int set_attributes(const GhostFileEntry *ge, const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return -errno;
	if ((st.st_uid != ge->uid || st.st_gid != ge->gid) && lchown(path, ge->uid, ge->gid) < 0)
		return -errno;
	if (!S_ISLNK(ge->mode) && chmod(path, ge->mode & 07777) < 0)
		return -errno;
	if (ge->atim && ge->mtim) {
		struct timespec ts[2] = {
			{ .tv_sec = ge->atim->tv_sec, .tv_nsec = ge->atim->tv_usec % 1000000 * 1000 },
			{ .tv_sec = ge->mtim->tv_sec, .tv_nsec = ge->mtim->tv_usec % 1000000 * 1000 },
		};

		return neg_errno(utimensat(AT_FDCWD, path, ts, AT_SYMLINK_NOFOLLOW));
	}
	return 0;
}

static int make_ghost(struct restore *rs, struct ghost *g)
{
	const char *first = NULL;
	struct tmpname *tn;
	int r;

	list_for_each (tn, &g->names, same) {
		r = fault_at(FAULT_RESTORE_GHOST);
		if (r >= 0)
			r = tmpname_make_parents(rs, tn);
		if (r < 0)
			return r;
		r = first ? neg_errno(link(first, tn->tmp)) : make_inode(rs, g, tn->tmp);
		if (r == -EEXIST)
			return tmpname_err_taken(tn);
		tn->made = true;
		tn->is_dir = S_ISDIR(g->ge->mode);
		if (r >= 0 && !first)
			r = set_attributes(g->ge, tn->tmp);
		if (r < 0)
			return err_path(tn->tmp, r, "make the deleted file again");
		first = tn->tmp;
	}
	return 0;
}

int ghost_begin(struct restore *rs)
{
	int r = 0;

	for (struct ghost *g = rs->files->ghosts ? rs->files->ghosts->all : NULL; r >= 0 && g; g = g->next)
		r = make_ghost(rs, g);
	return r;
}
