// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dump: is the recorded name enough to find a file again? If not, what is needed beside it.
 *
 * d_path() marks a name that is gone with " (deleted)". A file may really be called that, and a
 * name that is gone may be back (deleted and made again): the text is never believed, device and
 * inode decide.
 */
#include "criu/fd/remap.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/files.h"
#include "criu/fd/ghost.h"
#include "criu/fd/tmpname.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"
#include "proto/remap-file-path.pb-c.h"

#define DELETED " (deleted)"

/* One entry of remap-fpath.img. */
struct dremap {
	struct list all;
	RemapFilePathEntry *entry;
};

/* A hard link to make beside the lost name. */
struct dlink {
	struct list all;
	dev_t dev;
	ino_t ino;
	const struct dfile *file; /* where to get the inode again */
	const char *path;
	uint32_t id; /* the link's REG entry */
	bool made;
};

struct remaps {
	struct list all;
	struct list links;
};

int remap_dump_begin(struct dump *d)
{
	struct remaps *rm = arena_obj(d->arena, struct remaps);

	if (!rm)
		return -ENOMEM;
	list_init(&rm->all);
	list_init(&rm->links);
	d->files->remaps = rm;
	return 0;
}

static int add_remap(struct dump *d, uint32_t orig, uint32_t target, RemapType type)
{
	struct dremap *m = arena_obj(d->arena, struct dremap);

	if (m)
		m->entry = image_new(d->arena, REMAP_FILE_PATH_ENTRY, RemapFilePathEntry);
	if (!m || !m->entry)
		return -ENOMEM;
	m->entry->orig_id = orig;
	m->entry->remap_id = target;
	m->entry->has_remap_type = true;
	m->entry->remap_type = type;
	list_add_tail(&m->all, &d->files->remaps->all);
	return 0;
}

static bool leads_to(const char *path, const struct stat *want)
{
	struct stat st;

	return !fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) && st.st_dev == want->st_dev && st.st_ino == want->st_ino;
}

/* /proc/PID/... of a process that is gone: the pid, else 0. */
static pid_t dead_process(const struct fd_info *fi, const char *name)
{
	struct statfs fs;
	char end;
	int pid;

	if (fstatfs(fi->fd, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return 0;
	if (sscanf(name, "/proc/%d%c", &pid, &end) != 2 || end != '/' || pid <= 0)
		return 0;
	return pid;
}

static struct dlink *find_link(struct dump *d, const struct stat *st)
{
	struct dlink *l;

	list_for_each (l, &d->files->remaps->links, all) {
		if (l->dev == st->st_dev && l->ino == st->st_ino)
			return l;
	}
	return NULL;
}

/* The REG entry of the link itself: a name and nothing else. */
static int link_entry(struct dump *d, const struct fd_info *fi, const char *name, struct dlink *l)
{
	struct dfile *f = dfile_add(d, &reg_kind, fi->task, -1, fi->at);
	RegFileEntry *reg = image_new(d->arena, REG_FILE_ENTRY, RegFileEntry);
	const char *slash = strrchr(name, '/');

	if (!f || !reg)
		return -ENOMEM;
	l->file = f;
	l->id = reg->id = f->fe->id;
	reg->fown = image_new(d->arena, FOWN_ENTRY, FownEntry);
	reg->name = arena_printf(d->arena, "%.*s/link_remap.%u", (int)(slash - name), name, l->id);
	if (!reg->fown || !reg->name)
		return -ENOMEM;
	l->path = reg->name;
	f->fe->reg = reg;
	return 0;
}

/* The inode lives on under a name that nobody knows. */
static int remap_link(struct dump *d, const struct fd_info *fi, uint32_t id, const char *name)
{
	struct dlink *l = find_link(d, &fi->st);
	int r;

	if (!d->opt->link_remap)
		return block_fd(d, LINKED, fi, -ENOTSUP, "dump it: its name is gone while other hard links to it exist; pass --link-remap");

	if (!l) {
		l = arena_obj(d->arena, struct dlink);
		if (!l)
			return -ENOMEM;
		l->dev = fi->st.st_dev;
		l->ino = fi->st.st_ino;
		r = link_entry(d, fi, name, l);
		if (r < 0)
			return r;
		list_add_tail(&l->all, &d->files->remaps->links);
	}
	return add_remap(d, id, l->id, REMAP_TYPE__LINKED);
}

static int remap_ghost(struct dump *d, const struct fd_info *fi, uint32_t id)
{
	uint32_t ghost;
	int r = ghost_dump(d, fi, &ghost);

	return r < 0 ? r : add_remap(d, id, ghost, REMAP_TYPE__GHOST);
}

int remap_name(struct dump *d, const struct fd_info *fi, uint32_t id, char **ret_name)
{
	size_t n = strlen(fi->link), cut = strlen(DELETED);
	bool deleted = n > cut && !strcmp(fi->link + n - cut, DELETED);
	char *name = arena_strdup(d->arena, fi->link);
	pid_t dead;

	if (!name)
		return -ENOMEM;
	*ret_name = name;
	if (leads_to(name, &fi->st))
		return 0;
	if (name[0] != '/')
		return block_fd(d, NO_MOUNT, fi, -ENOTSUP, "dump it: it is in no mount that can be reached by a path");

	if (deleted) {
		name[n - cut] = 0;
		tmpname_cut(name);
	}
	dead = dead_process(fi, name);
	if (dead)
		return add_remap(d, id, dead, REMAP_TYPE__PROCFS);
	/* A directory that is gone may keep a count of links on some file systems. */
	if (!fi->st.st_nlink || (deleted && S_ISDIR(fi->st.st_mode)))
		return remap_ghost(d, fi, id);
	if (!deleted)
		return block_fd(d, HIDDEN, fi, -ENOTSUP, "dump it: its path leads to another file, it may be hidden by a mount; pass --external file[%x:%lx]",
				fi->mnt_id, (unsigned long)fi->st.st_ino);
	if (leads_to(name, &fi->st))
		return 0;
	return remap_link(d, fi, id, name);
}

static int make_link(struct dlink *l)
{
	const struct dfile *f = l->file;
	autofd int fd = neg_errno(openat(f->task->proc, f->at, O_PATH | O_CLOEXEC));
	char self[32];
	int r;

	if (fd < 0)
		return err_path(l->path, fd, "open what it shall link to");
	r = fault_at(FAULT_DUMP_LINK_REMAP);
	if (r < 0)
		return r;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	r = neg_errno(linkat(AT_FDCWD, self, AT_FDCWD, l->path, AT_SYMLINK_FOLLOW));
	if (r < 0)
		return err_path(l->path, r, "link it");
	l->made = true;
	pr_info("%s: made, for a file whose name is gone\n", l->path);
	return 0;
}

int remap_write(struct dump *d)
{
	autoimage struct image *img = NULL;
	struct dremap *m;
	struct dlink *l;
	int r;

	r = image_create(d->images, IMG_REMAP_FPATH, 0, &img);
	list_for_each (m, &d->files->remaps->all, all) {
		if (r >= 0)
			r = image_write(img, &m->entry->base);
	}
	if (r >= 0)
		r = image_close(take_ptr(img));
	if (r >= 0)
		r = ghost_write(d);
	list_for_each (l, &d->files->remaps->links, all) {
		if (r >= 0)
			r = make_link(l);
	}
	return r;
}

void remap_dump_undo(struct dump *d)
{
	struct dlink *l;

	list_for_each (l, &d->files->remaps->links, all) {
		if (l->made && unlink(l->path) < 0)
			pr_warn("%s: cannot take the temporary link away: %s\n", l->path, errno_name(errno));
		l->made = false;
	}
}
