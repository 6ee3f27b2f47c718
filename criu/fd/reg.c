// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has a name in a file system and no state but a position: regular files, directories, O_PATH
 * descriptors of anything, character devices without memory (null, zero, full, random, urandom).
 * Saved:     name, flags, position; size, mode and build id, to know the file again.
 * Not saved: content, unless it is deleted: remap.c. Read-ahead, leases.
 */
#include "criu/fd/reg.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/buildid.h"
#include "criu/fd/fd.h"
#include "criu/fd/files.h"
#include "criu/fd/fown.h"
#include "criu/fd/remap.h"
#include "criu/fd/rfiles.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"

/* Major 1, the memory devices; those that behave the same whoever opens them. */
static bool is_stateless_device(dev_t rdev)
{
	static const unsigned int minors[] = { 3 /* null */, 5 /* zero */, 7 /* full */, 8 /* random */, 9 /* urandom */, 11 /* kmsg */ };

	for (size_t i = 0; major(rdev) == 1 && i < sizeof(minors) / sizeof(*minors); i++) {
		if (minor(rdev) == minors[i])
			return true;
	}
	return false;
}

static bool reg_is(const struct dump *d, const struct fd_info *fi)
{
	if (fi->link[0] != '/')
		return false;
	if (fi->flags & O_PATH)
		return true;
	return S_ISREG(fi->st.st_mode) || S_ISDIR(fi->st.st_mode) ||
	       (S_ISCHR(fi->st.st_mode) && is_stateless_device(fi->st.st_rdev));
}

/* With --evasive-devices: another path to the same device, where its own is gone or hidden. */
static const char *device_elsewhere(const struct fd_info *fi)
{
	static const char *const paths[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/kmsg" };
	struct stat st;

	if (!stat(fi->link, &st) && S_ISCHR(st.st_mode) && st.st_rdev == fi->st.st_rdev)
		return fi->link;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		if (!stat(paths[i], &st) && S_ISCHR(st.st_mode) && st.st_rdev == fi->st.st_rdev)
			return paths[i];
	}
	return NULL;
}

/* Without a trace in its access time, where the kernel lets us (the owner's right). */
static int open_to_look(int fd)
{
	char self[32];
	int r;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	r = neg_errno(open(self, O_RDONLY | O_NOATIME | O_CLOEXEC));
	return r == -EPERM ? neg_errno(open(self, O_RDONLY | O_CLOEXEC)) : r;
}

static int dump_build_id(struct dump *d, const struct fd_info *fi, RegFileEntry *reg)
{
	uint32_t words[BUILDID_MAX / 4];
	autofd int own = -1;
	int fd = fi->fd, n;

	/* Our descriptor may be write-only or O_PATH, and reading by the task's own would be an access of the task's. */
	if (fi->number < 0 || (fi->flags & (O_ACCMODE | O_PATH | O_NOATIME)) != (O_RDONLY | O_NOATIME)) {
		fd = own = open_to_look(fi->fd);
		if (fd < 0)
			return 0; /* what we may not read is known by its size alone */
	}
	n = buildid_read(fd, words);
	if (n < 0)
		return err_fd(fi, n, "look for its build id; --file-validation filesize does without");
	if (!n)
		return 0;

	reg->build_id = arena_dup(d->arena, words, n * sizeof(*words));
	if (!reg->build_id)
		return -ENOMEM;
	reg->n_build_id = n;
	return 0;
}

static int reg_fill(struct dump *d, const struct fd_info *fi, uint32_t id, uint32_t flags, RegFileEntry *reg)
{
	char key[64];

	reg->id = id;
	reg->flags = flags;
	reg->pos = fi->pos;
	reg->has_mode = true;
	reg->mode = fi->st.st_mode;

	snprintf(key, sizeof(key), "file[%x:%lx]", fi->mnt_id, (unsigned long)fi->st.st_ino);
	if (options_external(d->opt, key, NULL)) {
		reg->has_ext = reg->ext = true;
		reg->name = arena_strdup(d->arena, key);
		return reg->name ? 0 : -ENOMEM;
	}

	/* A log that others append to may grow until the restore. */
	if (S_ISREG(fi->st.st_mode) && (flags & (O_ACCMODE | O_APPEND)) != (O_WRONLY | O_APPEND)) {
		reg->has_size = true;
		reg->size = fi->st.st_size;
	}
	if (S_ISREG(fi->st.st_mode) && fi->st.st_size && d->opt->file_validation == FILE_VALIDATE_BUILDID &&
	    !d->survey) {
		int r = dump_build_id(d, fi, reg);

		if (r < 0)
			return r;
	}
	if (S_ISCHR(fi->st.st_mode) && d->opt->evasive_devices) {
		const char *path = device_elsewhere(fi);
		struct stat st;

		if (path && !stat(path, &st)) {
			reg->mode = st.st_mode; /* of the node that will be opened */
			reg->name = arena_strdup(d->arena, path);
			return reg->name ? 0 : -ENOMEM;
		}
	}
	return remap_name(d, fi, id, &reg->name);
}

static int reg_dump(struct dump *d, const struct fd_info *fi, FileEntry *out)
{
	out->reg = image_new(d->arena, REG_FILE_ENTRY, RegFileEntry);
	if (!out->reg)
		return -ENOMEM;
	return reg_fill(d, fi, out->id, fi->flags, out->reg);
}

int reg_add(struct dump *d, const struct fd_info *fi, uint32_t flags, uint32_t *ret_id)
{
	struct dfile *f = dfile_add(d, &reg_kind, fi->task, -1, fi->at);
	RegFileEntry *reg = image_new(d->arena, REG_FILE_ENTRY, RegFileEntry);
	int r;

	if (!f || !reg)
		return -ENOMEM;
	reg->fown = image_new(d->arena, FOWN_ENTRY, FownEntry);
	if (!reg->fown)
		return -ENOMEM;
	r = reg_fill(d, fi, f->fe->id, flags, reg);
	if (r >= 0 && fi->number >= 0)
		r = fown_dump(d, fi, reg->fown);
	if (r < 0)
		return r;
	f->fe->reg = reg;
	*ret_id = f->fe->id;
	return 0;
}

/* --- restore ---------------------------------------------------------------------------------- */

/* What collect found out once; each task has its copy. */
struct reg_state {
	bool checked; /* size, mode and build id: in this task or in one it was forked from */
};

static int reg_collect(struct restore *rs, struct rfile *rf)
{
	const RegFileEntry *reg = rf->fe->reg;

	rf->state = arena_obj(rs->arena, struct reg_state);
	if (!rf->state)
		return -ENOMEM;
	if (reg->ext)
		return 0;
	if (reg->name[0] != '/')
		return refuse_rfile(rf, -EINVAL, "open a name that is no absolute path");
	if (reg->n_build_id > BUILDID_MAX / 4)
		return refuse_rfile(rf, -EINVAL, "compare a build id of %zu words", reg->n_build_id);
	return 0;
}

static int check_build_id(struct rfile *rf, int fd)
{
	const RegFileEntry *reg = rf->fe->reg;
	uint32_t words[BUILDID_MAX / 4];
	autofd int own = -1;
	char self[32];
	int n;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	own = neg_errno(open(self, O_RDONLY | O_CLOEXEC));
	if (own < 0)
		return 0; /* may not be read: its size was compared */
	n = buildid_read(own, words);
	if (n < 0)
		return err_rfile(rf, n, "read its build id");
	if ((size_t)n != reg->n_build_id || memcmp(words, reg->build_id, n * sizeof(*words)))
		return refuse_rfile(rf, -EINVAL, "use it: it is another build than the one that was dumped; bring the old file back");
	return 0;
}

static int check_stat(struct restore *rs, struct rfile *rf, const struct stat *st, bool may_wait)
{
	const RegFileEntry *reg = rf->fe->reg;

	if (reg->has_mode && (reg->mode & S_IFMT) != (st->st_mode & S_IFMT))
		return refuse_rfile(rf, -EINVAL, "use it: its type is %#o, at the dump it was %#o", st->st_mode & S_IFMT,
				    reg->mode & S_IFMT);
	if (reg->has_mode && !rs->opt->skip_file_rwx_check && (reg->mode & 07777) != (st->st_mode & 07777))
		return refuse_rfile(rf, -EINVAL, "use it: its mode is %04o, at the dump it was %04o; chmod it back, or pass --skip-file-rwx-check",
				    st->st_mode & 07777, reg->mode & 07777);
	if (reg->has_size && S_ISREG(st->st_mode) && reg->size != (uint64_t)st->st_size)
		return refuse_rfile(rf, -EINVAL, "use it: its size is %lld, at the dump it was %llu; bring the old file back",
				    (long long)st->st_size, (unsigned long long)reg->size);
	/* open() of a FIFO waits for the other end, which may never come. */
	if (S_ISFIFO(st->st_mode) && may_wait)
		return refuse_rfile(rf, -EINVAL, "use it: it is a FIFO");
	return 0;
}

static int refuse_external(const struct rfile *rf)
{
	return refuse_rfile(rf, -EINVAL, "find it: it is external; pass --inherit-fd fd[N]:%s", rf->fe->reg->name);
}

/* A file that the caller of criu gives us, or the one of the recorded name. */
static int open_inherited(struct restore *rs, struct rfile *rf)
{
	const RegFileEntry *reg = rf->fe->reg;
	int fd = rfile_inherited(rs, reg->ext ? reg->name : reg->name + 1);

	if (fd == -ENOENT && reg->ext)
		return refuse_external(rf);
	if (fd < 0 && fd != -ENOENT)
		return err_rfile(rf, fd, "use the inherited descriptor");
	if (fd >= 0)
		pr_info("file %u (%s): inherited\n", rf->fe->id, reg->name);
	return fd;
}

/* The name is there, and leads to what was dumped. */
static int check_name(struct restore *rs, struct rfile *rf, const char *path, bool may_wait)
{
	struct stat st;
	int r = neg_errno(fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW));

	if (r < 0)
		return err_rfile(rf, r, "find it%s", r == -ENOENT ? "; bring it back to where it was" : "");
	return check_stat(rs, rf, &st, may_wait);
}

static int err_open(const struct rfile *rf, int r, int flags)
{
	return err_rfile(rf, r, "open it with %#o", flags);
}

static int open_checked(struct restore *rs, struct rfile *rf, int flags, bool may_wait)
{
	struct reg_state *state = rf->state;
	const char *path = rf->fe->reg->name;
	autofd int fd = -1;
	int r;

	fd = open_inherited(rs, rf);
	if (fd != -ENOENT)
		return take_fd(&fd);

	/* A file made by O_TMPFILE is a ghost now. O_TMPFILE contains O_DIRECTORY, which means nothing here. */
	if ((flags & O_TMPFILE) == O_TMPFILE)
		flags &= ~O_TMPFILE;
	if (rf->remap)
		path = remap_path(rf);
	if (path) {
		r = check_name(rs, rf, path, may_wait);
		if (r < 0)
			return r;
	}

	fd = rf->remap ? remap_open(rs, rf, flags) : neg_errno(open(path, flags | O_NOCTTY | O_CLOEXEC));
	if (fd < 0)
		return rf->remap ? fd : err_open(rf, fd, flags);
	if (rf->fe->reg->n_build_id && !state->checked) {
		r = check_build_id(rf, fd);
		if (r < 0)
			return r;
	}
	state->checked = true;
	return take_fd(&fd);
}

/* May we open it as a descriptor of the images has it? What a mapping or a directory needs is asked with those. */
static int look_for_access(const struct rfile *rf)
{
	const int flags = rf->fe->reg->flags, access = flags & O_ACCMODE;
	const int mode = (access != O_WRONLY ? R_OK : 0) | (access != O_RDONLY ? W_OK : 0);

	if (!rf->owner || flags & O_PATH || access == O_ACCMODE)
		return 0;
	return faccessat(AT_FDCWD, rf->fe->reg->name, mode, AT_EACCESS) < 0 ? err_open(rf, -errno, flags) : 0;
}

/* By O_PATH: opening a device or a FIFO may change something. */
static int reg_look(struct restore *rs, struct rfile *rf)
{
	const RegFileEntry *reg = rf->fe->reg;
	autofd int fd = -1;
	int r;

	if (rfile_given(rs, reg->ext ? reg->name : reg->name + 1) >= 0)
		return 0;
	if (reg->ext)
		return refuse_external(rf);
	r = check_name(rs, rf, reg->name, false);
	if (r >= 0)
		r = look_for_access(rf);
	if (r < 0 || !reg->n_build_id)
		return r;
	fd = neg_errno(open(reg->name, O_PATH | O_CLOEXEC));
	return fd < 0 ? err_rfile(rf, fd, "open it") : check_build_id(rf, fd);
}

int reg_open(struct restore *rs, struct rfile *rf, int flags)
{
	return open_checked(rs, rf, flags, !(flags & (O_PATH | O_NONBLOCK)) && (flags & O_ACCMODE) != O_RDWR);
}

int reg_open_held(struct restore *rs, struct rfile *rf, int flags)
{
	return open_checked(rs, rf, flags, false);
}

/*
 * O_ASYNC given to open() is a flag without effect, and stays so on files that have no fasync(); on devices it may have been
 * set by fcntl(), which fown_restore() repeats.
 */
static int open_flags(const struct rfile *rf)
{
	const RegFileEntry *reg = rf->fe->reg;

	return S_ISCHR(reg->mode) ? reg->flags & ~O_ASYNC : reg->flags;
}

static int reg_restore(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	const RegFileEntry *reg = rf->fe->reg;
	autofd int fd = reg_open(rs, rf, open_flags(rf));

	if (fd < 0)
		return fd;
	/* Zero is where a new one stands; all ones is what cannot be positioned (/dev/kmsg). */
	if (reg->pos && reg->pos != UINT64_MAX && !(reg->flags & O_PATH) && lseek(fd, reg->pos, SEEK_SET) < 0)
		return err_rfile(rf, -errno, "set its position to %llu", (unsigned long long)reg->pos);
	return take_fd(&fd);
}

static int reg_reopen(struct restore *rs, struct rfile *rf, int flags)
{
	return reg_open(rs, rf, flags == FD_FLAGS_RECORDED ? open_flags(rf) : flags);
}

const struct fd_kind reg_kind = {
	.name = "file",
	.type = FD_TYPES__REG,
	.old_image = IMG_REG_FILES,
	FD_MESSAGE(reg, RegFileEntry),
	.is = reg_is,
	.dump = reg_dump,
	.collect = reg_collect,
	.look = reg_look,
	.open = reg_restore,
	.reopen = reg_reopen,
};
