// SPDX-License-Identifier: GPL-2.0-only
/*
 * File locks (--file-locks): POSIX, flock and OFD.
 * The kernel:  fdinfo of a descriptor shows the locks made through its description: flock and OFD ones, which belong to the
 *              description, in every descriptor of it; POSIX ones only where the table of descriptors is their owner.
 * Saved:       kind, type, range; for each a task and descriptor that can set it again. For flock it is who has set it, if
 *              that one still has the description.
 * Not saved:   who waits for one (its call starts again); which of the tasks that share a table has set a POSIX lock.
 * Refused:     leases, which any open() breaks, ours too; mandatory locks (gone since Linux 5.15).
 */
#include "criu/fd/locks.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/fd/files.h"
#include "criu/fd/rfiles.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"
#include "proto/file-lock.pb-c.h"

/* file_lock_entry.flag and .type */
enum { KIND_POSIX = 1, KIND_FLOCK = 2, KIND_OFD = 4, KIND_LEASE = 8 };
enum { TYPE_READ = 0, TYPE_WRITE = 1 };

/* A lock of the dump. */
struct dlock {
	struct list all;
	const struct dfile *file;
	const struct task *task; /* with @number, who sets it again */
	int number;
	int setter; /* as fdinfo says it */
	uint32_t flag, type;
	int64_t start, len;
};

/* --- dump ------------------------------------------------------------------------------------- */

static bool parse_range(const char *start, const char *end, struct dlock *l)
{
	int64_t last;

	if (sscanf(start, "%" SCNd64, &l->start) != 1 || l->start < 0)
		return false;
	if (!strcmp(end, "EOF"))
		return true; /* length 0 */
	if (sscanf(end, "%" SCNd64, &last) != 1 || last < l->start)
		return false;
	l->len = last == INT64_MAX ? 0 : last - l->start + 1;
	return true;
}

/* "1: POSIX  ADVISORY  WRITE 812 fe:00:10953034 10 14" */
static int parse_lock(const struct dump *d, const struct fd_info *fi, const char *line, struct dlock *l)
{
	char kind[8], how[12], type[8], start[24], end[24];
	int n = (int)strcspn(line, "\n");

	if (sscanf(line, "%*d: %7s %11s %7s %d %*s %23s %23s", kind, how, type, &l->setter, start, end) != 6)
		return block_fd(d, LOCK_KIND, fi, -EBADMSG, "understand its file lock (%.*s)", n, line);
	if (!strcmp(kind, "LEASE") || !strcmp(kind, "DELEG"))
		return block_fd(d, LEASE, fi, -ENOTSUP, "dump a lease (%.*s); give it up before the dump (F_UNLCK)", n, line);

	l->flag = !strcmp(kind, "POSIX") ? KIND_POSIX : !strcmp(kind, "FLOCK") ? KIND_FLOCK :
		  !strcmp(kind, "OFDLCK") ? KIND_OFD : 0;
	l->type = !strcmp(type, "WRITE") ? TYPE_WRITE : TYPE_READ;
	if (!l->flag || strcmp(how, "ADVISORY") || (l->type == TYPE_READ && strcmp(type, "READ")))
		return block_fd(d, LOCK_KIND, fi, -ENOTSUP, "dump a file lock of that kind (%.*s); unlock it before the dump", n, line);
	if (!parse_range(start, end, l))
		return block_fd(d, LOCK_KIND, fi, -EBADMSG, "understand the range of its file lock (%.*s)", n, line);
	return 0;
}

/* Has another descriptor of this table shown the POSIX locks of the description already? */
static bool table_has(const struct dtable *tb, const struct dfile *f)
{
	for (size_t i = 0; i < tb->n; i++) {
		if (tb->fds[i].file == f)
			return true;
	}
	return false;
}

/* The lock of a description, found again in another task: is that who has set it? */
static void find_setter(struct dump *d, const struct fd_info *fi, const struct dfile *f, int setter)
{
	struct dlock *l;

	list_for_each (l, &d->files->locks, all) {
		if (l->file == f && l->flag == KIND_FLOCK && fi->task->pid == setter && l->task->pid != setter) {
			l->task = fi->task;
			l->number = fi->number;
		}
	}
}

static int collect_one(struct dump *d, const struct dtable *tb, const struct fd_info *fi, const struct dfile *f,
		       bool is_new, const char *line)
{
	struct dlock *l = arena_obj(d->arena, struct dlock);
	int r;

	if (!l)
		return -ENOMEM;
	r = parse_lock(d, fi, line, l);
	if (r < 0)
		return r;
	if (!d->opt->file_locks)
		return block_fd(d, LOCK, fi, -ENOTSUP, "dump a file lock (%.*s) without --file-locks", (int)strcspn(line, "\n"), line);
	if (l->flag == KIND_POSIX ? table_has(tb, f) : !is_new) {
		find_setter(d, fi, f, l->setter);
		return 0;
	}

	l->file = f;
	l->task = fi->task;
	l->number = fi->number;
	list_add_tail(&l->all, &d->files->locks);
	return 0;
}

int locks_collect(struct dump *d, const struct dtable *tb, const struct fd_info *fi, const struct dfile *f, bool is_new)
{
	int r = 0;

	/* In fdinfo since Linux 4.1, 6c8c90319c0b. */
	for (const char *line = NULL; r >= 0 && (line = fdinfo_next(fi, line, "lock"));)
		r = survey_pass(d->survey, collect_one(d, tb, fi, f, is_new, line + strspn(line, " \t")), fi->task->pid, "a lock");
	return r;
}

int locks_write(struct dump *d)
{
	autoimage struct image *img = NULL;
	struct dlock *l;
	int r;

	r = image_create(d->images, IMG_FILE_LOCKS, 0, &img);
	list_for_each (l, &d->files->locks, all) {
		FileLockEntry e = FILE_LOCK_ENTRY__INIT;

		e.flag = l->flag;
		e.type = l->type;
		e.pid = l->task->vpid;
		e.fd = l->number;
		e.start = l->start;
		e.len = l->len;
		if (r >= 0)
			r = fault_at(FAULT_DUMP_LOCKS);
		if (r >= 0)
			r = image_write(img, &e.base);
	}
	return r < 0 ? r : image_close(take_ptr(img));
}

/* --- restore ---------------------------------------------------------------------------------- */

static const char *flag_name(uint32_t flag)
{
	return flag == KIND_POSIX ? "POSIX lock" : flag == KIND_FLOCK ? "flock lock" : flag == KIND_OFD ? "OFD lock" : "lease";
}

static struct rtask *task_of(const struct restore *rs, int pid)
{
	for (size_t i = 0; i < rs->n_tasks; i++) {
		if (rs->tasks[i]->pid == pid && rs->tasks[i]->files)
			return rs->tasks[i];
	}
	return NULL;
}

static bool has_number(const struct rtable *tb, int number)
{
	for (size_t i = 0; i < tb->n; i++) {
		if (tb->fds[i].number == number)
			return true;
	}
	return false;
}

static int check_lock(const struct restore *rs, const FileLockEntry *e, struct rtask **ret_task)
{
	struct rtask *rt = task_of(rs, e->pid);

	if (!rt)
		return refuse_any(-EINVAL, "set a file lock of pid %d, which is not in the images", e->pid);
	if (e->flag == KIND_LEASE)
		return refuse_task(e->pid, -ENOTSUP, "restore a lease on descriptor %d", e->fd);
	if ((e->flag != KIND_POSIX && e->flag != KIND_FLOCK && e->flag != KIND_OFD) ||
	    (e->type != TYPE_READ && e->type != TYPE_WRITE))
		return refuse_task(e->pid, -ENOTSUP, "set a file lock of kind %u, type %u on descriptor %d", e->flag, e->type, e->fd);
	if (e->start < 0 || e->len < 0 || (e->len && e->len - 1 > INT64_MAX - e->start))
		return refuse_task(e->pid, -EINVAL, "lock descriptor %d from %" PRId64 " for %" PRId64 " bytes: the image is damaged",
				   e->fd, e->start, e->len);
	if (!has_number(rt->files->table, e->fd))
		return refuse_task(e->pid, -EINVAL, "lock descriptor %d, which it does not have", e->fd);
	*ret_task = rt;
	return 0;
}

int locks_read(struct restore *rs)
{
	FileLockEntry **entries;
	size_t n;
	int r;

	r = image_read_all(rs->images, IMG_FILE_LOCKS, 0, &file_lock_entry__descriptor, &entries, &n);
	for (size_t i = n; r >= 0 && i-- > 0;) {
		struct rlock *l = arena_obj(rs->arena, struct rlock);
		struct rtask *rt = NULL;

		if (!l)
			return -ENOMEM;
		r = check_lock(rs, entries[i], &rt);
		if (r < 0)
			return r;
		l->entry = entries[i];
		l->next = rt->files->locks;
		rt->files->locks = l;
	}
	return r;
}

static struct flock range_of(const FileLockEntry *e)
{
	return (struct flock){
		.l_type = e->type == TYPE_WRITE ? F_WRLCK : F_RDLCK,
		.l_whence = SEEK_SET,
		.l_start = e->start,
		.l_len = e->len,
	};
}

static int lock_failed(const FileLockEntry *e, int r)
{
	return err_task(e->pid, r, "set its %s on descriptor %d%s", flag_name(e->flag), e->fd,
			r == -EAGAIN || r == -EACCES ? "; somebody else has locked the file" : "");
}

int locks_restore(struct restore *rs, const struct rtask *rt)
{
	for (const struct rlock *l = rt->files->locks; l; l = l->next) {
		const FileLockEntry *e = l->entry;
		struct flock range = range_of(e);
		int r;

		if (e->flag == KIND_POSIX)
			continue; /* fd_restore_posix_lock() */
		r = fault_at(FAULT_RESTORE_LOCKS);
		if (r >= 0 && e->flag == KIND_OFD)
			r = neg_errno(fcntl(e->fd, F_OFD_SETLK, &range));
		else if (r >= 0)
			r = neg_errno(flock(e->fd, (e->type == TYPE_WRITE ? LOCK_EX : LOCK_SH) | LOCK_NB));
		if (r < 0)
			return lock_failed(e, r);
	}
	return 0;
}

const struct rlock *fd_restore_posix_lock(const struct rtask *rt, const struct rlock *last, int *ret_fd, struct flock *ret_range)
{
	const struct rlock *l = last ? last->next : rt->files ? rt->files->locks : NULL;

	while (l && l->entry->flag != KIND_POSIX)
		l = l->next;
	if (l) {
		*ret_fd = l->entry->fd;
		*ret_range = range_of(l->entry);
	}
	return l;
}
