// SPDX-License-Identifier: GPL-2.0-only
/*
 * fs-PID.img: working directory, root and umask. One of each a task; threads that have their
 * own are refused by fd_collect().
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/fd/files.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "criu/task/restore.h"
#include "proto/fs.pb-c.h"

/* Before anything is written: a working directory may be one that cannot be saved. */
int fs_collect(struct dump *d, struct task *t)
{
	FsEntry *fs = image_new(d->arena, FS_ENTRY, FsEntry);
	const struct proc_status *st = &t->look->threads[0].status;
	int r;

	if (!fs)
		return -ENOMEM;
	r = fd_path_id(d, t, "cwd", 0, &fs->cwd_id);
	if (r >= 0)
		r = fd_path_id(d, t, "root", 0, &fs->root_id);
	if (r < 0)
		return r;

	fs->has_umask = st->has_umask;
	fs->umask = st->umask;
	t->fs = fs;
	return 0;
}

int fd_dump_fs(struct dump *d, struct task *t)
{
	int r = fault_at(FAULT_DUMP_FS);

	return r < 0 ? r : image_write_one(d->images, IMG_FS, t->vpid, &t->fs->base);
}

/* --- restore ---------------------------------------------------------------------------------- */

static int open_dir(struct restore *rs, struct rtask *rt, uint32_t id, const char *what)
{
	struct stat st;
	autofd int fd = fd_restore_open(rs, rt, id, O_PATH);

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return err_task(rt->pid, -errno, "stat its %s", what);
	if (!S_ISDIR(st.st_mode))
		return refuse_task(rt->pid, -ENOTDIR, "use file %u as its %s: it is no directory", id, what);
	return take_fd(&fd);
}

static bool is_our_root(int fd)
{
	struct stat a, b;

	return !fstat(fd, &a) && !stat("/", &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int fd_restore_fs(struct restore *rs, struct rtask *rt)
{
	autofd int root = -1, cwd = -1;
	int r;

	if (!rt->fs)
		return 0;
	r = fault_at(FAULT_RESTORE_FS);
	if (r < 0)
		return r;
	/* Both before either is set: their names start at our root. */
	root = open_dir(rs, rt, rt->fs->root_id, "root");
	if (root < 0)
		return root;
	cwd = open_dir(rs, rt, rt->fs->cwd_id, "working directory");
	if (cwd < 0)
		return cwd;

	if (!is_our_root(root) && (fchdir(root) < 0 || chroot(".") < 0))
		return err_task(rt->pid, -errno, "change its root (file %u)", rt->fs->root_id);
	if (fchdir(cwd) < 0)
		return err_task(rt->pid, -errno, "change its working directory (file %u)", rt->fs->cwd_id);
	if (rt->fs->has_umask)
		(void)umask(rt->fs->umask & 0777);
	return 0;
}
