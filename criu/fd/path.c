// SPDX-License-Identifier: GPL-2.0-only
/*
 * File ids for what is no descriptor: exe, cwd, root, mapped files. A thousand tasks map the same
 * libraries, so the known ones are recognised by one statx(): device, inode, mount, flags.
 */
#include "criu/fd/path.h"

#include <fcntl.h>
#include <search.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/fd/files.h"
#include "criu/fd/info.h"
#include "criu/image/fault.h"
#include "criu/task/dump.h"
#include "kerndat/kerndat.h"

struct dpath {
	dev_t dev;
	ino_t ino;
	uint64_t mnt_id;
	uint32_t flags;
	uint32_t id;
};

#define THREEWAY(a, b)                             \
	do {                                       \
		if ((a) != (b))                    \
			return (a) < (b) ? -1 : 1; \
	} while (0)

static int path_order(const void *key, const void *node)
{
	const struct dpath *a = key, *b = node;

	THREEWAY(a->dev, b->dev);
	THREEWAY(a->ino, b->ino);
	THREEWAY(a->mnt_id, b->mnt_id);
	THREEWAY(a->flags, b->flags);
	return 0;
}

static void keep(void *node)
{
	/* Nodes live in the arena. */
}

void path_ids_free(struct dump *d)
{
	tdestroy(d->files->paths, keep);
}

/*
 * Open what the link leads to. map_files can be read but not followed without CAP_CHECKPOINT_RESTORE; then
 * the path in its text does, if the file still has it.
 */
static int open_link(struct dump *d, struct task *t, const char *link, bool may_follow)
{
	const char *text;
	int fd, r;

	fd = may_follow ? neg_errno(openat(t->proc, link, O_PATH | O_CLOEXEC)) : -EPERM;
	if (fd != -EPERM && fd != -EACCES)
		return fd < 0 ? err_task(t->pid, fd, "open its %s", link) : fd;

	r = link_read(d->arena, t, link, &text);
	if (r < 0)
		return r;
	fd = text[0] == '/' ? neg_errno(open(text, O_PATH | O_NOFOLLOW | O_CLOEXEC)) : fd;
	if (fd < 0)
		return err_task(t->pid, fd, "open its %s (%s)%s", link, text,
				fd == -EPERM || fd == -ENOENT ? "; CAP_CHECKPOINT_RESTORE is needed for files without a path" : "");
	return fd;
}

typedef int add_fn(struct dump *d, const struct fd_info *fi, uint32_t flags, uint32_t *ret_id);

static int new_path(struct dump *d, struct task *t, const char *link, int fd, const struct statx *stx, uint32_t flags,
		    add_fn *add, uint32_t *ret_id)
{
	struct fd_info fi = { .task = t, .number = -1, .at = link, .fd = fd, .flags = flags, .mnt_id = stx->stx_mnt_id };
	int r;

	if (fstat(fd, &fi.st) < 0)
		return err_task(t->pid, -errno, "stat its %s", link);
	r = link_read(d->arena, t, link, &fi.link);
	return r < 0 ? r : add(d, &fi, flags, ret_id);
}

/* The id of what is behind @link: known, or made by @add. */
static int find_or_add(struct dump *d, struct task *t, const char *link, uint32_t flags, add_fn *add, uint32_t *ret_id)
{
	const unsigned int mask = STATX_BASIC_STATS | STATX_MNT_ID;
	bool may_follow = strncmp(link, "map_files/", 10) || kerndat_way(d->kd, WAY_MAPPED_FILES) == BY_MAP_FILES;
	struct dpath key = { .flags = flags }, *p;
	autofd int fd = -1;
	struct statx stx;
	void **node;
	int r;

	r = fault_at(FAULT_DUMP_FD_PATH);
	if (r < 0)
		return r;
	if (!may_follow || statx(t->proc, link, AT_STATX_DONT_SYNC, mask, &stx) < 0) {
		fd = open_link(d, t, link, may_follow);
		if (fd < 0)
			return fd;
		r = neg_errno(statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, mask, &stx));
		if (r < 0)
			return err_task(t->pid, r, "stat its %s", link);
	}

	key.dev = makedev(stx.stx_dev_major, stx.stx_dev_minor);
	key.ino = stx.stx_ino;
	key.mnt_id = stx.stx_mask & STATX_MNT_ID ? stx.stx_mnt_id : 0;
	node = tsearch(&key, &d->files->paths, path_order);
	if (!node)
		return -ENOMEM;
	if (*node != &key) {
		p = *node;
		*ret_id = p->id;
		return 0;
	}

	r = fd;
	if (fd < 0)
		r = fd = open_link(d, t, link, may_follow);
	if (r >= 0)
		r = new_path(d, t, link, fd, &stx, flags, add, ret_id);
	if (r < 0) {
		/* A survey goes on: the key is ours, not the tree's. */
		(void)tdelete(&key, &d->files->paths, path_order);
		return r;
	}

	p = arena_dup(d->arena, &key, sizeof(key));
	if (!p)
		return -ENOMEM;
	p->id = *ret_id;
	*node = p;
	return 0;
}

int fd_path_id(struct dump *d, struct task *t, const char *link, uint32_t flags, uint32_t *ret_id)
{
	return find_or_add(d, t, link, flags, reg_add, ret_id);
}

int fd_shmem_id(struct dump *d, struct task *t, const char *link, uint32_t flags, uint32_t *ret_id)
{
	return find_or_add(d, t, link, flags, memfd_add, ret_id);
}
