// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dump side of open files: find every descriptor of every task, tell descriptions apart, let
 * their kinds look, and write the list.
 *
 * A descriptor costs a stat and a read of its fdinfo; only the first of each description is
 * fetched into this process, and closed before the next: our RLIMIT_NOFILE may be low.
 */
#include "criu/fd/fd.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "base/proc.h"
#include "compel/compel.h"
#include "criu/fd/files.h"
#include "criu/fd/fown.h"
#include "criu/fd/info.h"
#include "criu/fd/kind.h"
#include "criu/fd/locks.h"
#include "criu/fd/path.h"
#include "criu/fd/remap.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"
#include "kerndat/kerndat.h"

static const struct fd_kind *kind_of(const struct dump *d, const struct fd_info *fi)
{
	for (size_t i = 0; i < FD_KIND_NR; i++) {
		const struct fd_kind *k = fd_kinds[i];

		if (k->link ? !strcmp(k->link, fi->link) : k->is(d, fi))
			return k;
	}
	return NULL;
}

/* A three-way comparison by kcmp(2), or the error in *@err. */
static int kcmp_order(struct dump *d, int *err, pid_t a, pid_t b, int type, unsigned long x, unsigned long y)
{
	long r = kerndat_way(d->kd, WAY_SAME_FILE) == BY_KCMP ? neg_errno(syscall(SYS_kcmp, a, b, type, x, y)) : -ENOSYS;

	if (r < 0)
		*err = (int)r;
	/* 3: not equal, and the kernel does not order this type. Never so for what we ask. */
	return r == 1 ? -1 : r == 0 ? 0 : 1;
}

static const char *kcmp_help(int err)
{
	return err == -ENOSYS ? "; a kernel with CONFIG_KCMP can" : "";
}

/* What tsearch() is given: the key is always the first argument, and takes the error. */
struct file_key {
	struct dfile file;
	struct dump *d;
	int err;
};

struct table_key {
	struct dtable table;
	struct dump *d;
	int err;
};

#define THREEWAY(a, b)                             \
	do {                                       \
		if ((a) != (b))                    \
			return (a) < (b) ? -1 : 1; \
	} while (0)

static int file_order(const void *key, const void *node)
{
	struct file_key *k = (struct file_key *)key;
	const struct dfile *f = node;

	if (key == node)
		return 0;
	THREEWAY(k->file.dev, f->dev);
	THREEWAY(k->file.ino, f->ino);
	THREEWAY(k->file.access, f->access);
	return kcmp_order(k->d, &k->err, task_living_tid(k->file.task), task_living_tid(f->task), KCMP_FILE,
			  k->file.number, f->number);
}

static int table_order(const void *key, const void *node)
{
	struct table_key *k = (struct table_key *)key;
	const struct dtable *t = node;

	if (key == node)
		return 0;
	return kcmp_order(k->d, &k->err, task_living_tid(k->table.task), task_living_tid(t->task), KCMP_FILES, 0, 0);
}

pid_t task_living_tid(const struct task *t)
{
	const struct victim_thread *th = t->victim ? victim_living(t->victim) : NULL;

	return th ? th->tid : t->pid;
}

int dfile_fetch(const struct dfile *f)
{
	int fd = neg_errno((int)syscall(SYS_pidfd_getfd, f->task->pidfd, f->number, 0));

	/* A dead leader has no descriptors; compel knows how to reach a thread that lives. */
	if (fd == -EBADF && f->task->victim)
		return victim_getfd(f->task->victim, f->number);
	if (fd < 0)
		return err_task(f->task->pid, fd, "fetch its descriptor %d", f->number);
	return fd;
}

struct dfile *dfile_add(struct dump *d, const struct fd_kind *k, struct task *t, int number, const char *at)
{
	struct dfile *f = arena_obj(d->arena, struct dfile);

	if (!f)
		return NULL;
	f->fe = image_new(d->arena, FILE_ENTRY, FileEntry);
	f->at = arena_strdup(d->arena, at);
	if (!f->fe || !f->at)
		return NULL;

	f->kind = k;
	f->task = t;
	f->number = number;
	f->fe->type = k->type;
	f->fe->id = ++d->files->n_ids;
	list_add_tail(&f->all, &d->files->files);
	return f;
}

int fd_dump_begin(struct dump *d)
{
	d->files = arena_obj(d->arena, struct dump_files);
	if (!d->files)
		return -ENOMEM;
	list_init(&d->files->files);
	list_init(&d->files->all_tables);
	list_init(&d->files->locks);
	d->files->n_tables = 1; /* the first number is the table of criu itself, in the inventory */
	return remap_dump_begin(d);
}

static void keep(void *node)
{
	/* Nodes live in the arena. */
}

void fd_dump_end(struct dump *d)
{
	if (!d->files)
		return;
	tdestroy(d->files->descriptions, keep);
	tdestroy(d->files->tables, keep);
	path_ids_free(d);
	d->files = NULL;
}

/* --- one description -------------------------------------------------------------------------- */

/* What is the same in every kind's message. */
static int fill_common(struct dump *d, const struct fd_info *fi, struct dfile *f)
{
	const struct fd_kind *k = f->kind;
	char *msg = *(char **)((char *)f->fe + k->message);
	FownEntry *fown;
	int r;

	*(uint32_t *)(msg + sizeof(ProtobufCMessage)) = f->fe->id;
	if (!k->fown)
		return 0;

	fown = image_new(d->arena, FOWN_ENTRY, FownEntry);
	if (!fown)
		return -ENOMEM;
	r = fown_dump(d, fi, fown);
	if (r < 0)
		return r;
	*(FownEntry **)(msg + k->fown) = fown;
	*(uint32_t *)(msg + k->flags) |= fi->flags; /* a kind may have added bits of its own */
	return 0;
}

/* A survey does without the description: what it leads to, not opened. */
static int open_path(const struct fd_info *fi)
{
	int fd = neg_errno(openat(fi->task->proc, fi->at, O_PATH | O_CLOEXEC));

	return fd < 0 ? err_fd(fi, fd, "look at it") : fd;
}

/* The first descriptor of a description: fetch it, find its kind, let the kind look. */
static int new_description(struct dump *d, const struct dtable *tb, struct task *t, int n, const struct fdinfo_head *head, const char *text,
			   const struct stat *st, struct dfile **ret_file)
{
	char at[32];
	struct fd_info fi = { .task = t, .number = n, .at = at, .text = text, .flags = head->flags & ~O_CLOEXEC,
			      .pos = head->pos, .mnt_id = head->mnt_id, .st = *st };
	const struct fd_kind *k;
	struct dfile *f;
	autofd int fd = -1;
	int r;

	snprintf(at, sizeof(at), "fd/%d", n);
	r = link_read(d->arena, t, at, &fi.link);
	if (r < 0)
		return r;
	k = kind_of(d, &fi);
	if (!k)
		return refuse_unknown(d, &fi);

	f = dfile_add(d, k, t, n, at);
	if (!f)
		return -ENOMEM;
	fd = d->survey ? open_path(&fi) : dfile_fetch(f);
	if (fd < 0)
		return fd;
	fi.fd = fd;
	fi.at = f->at;
	fi.id = f->fe->id;

	r = fault_at(FAULT_DUMP_FD_KIND);
	if (r >= 0)
		r = k->dump(d, &fi, f->fe);
	if (r >= 0)
		r = fill_common(d, &fi, f);
	if (r >= 0)
		r = locks_collect(d, tb, &fi, f, true);
	if (r < 0)
		return r;

	pr_debug("pid %d fd %d (%s): file %u, %s\n", t->pid, n, fi.link, f->fe->id, k->name);
	*ret_file = f;
	return 0;
}

/* The description behind descriptor @n: one we know, or a new one. */
static int description_of(struct dump *d, const struct dtable *tb, int n, struct dfile **ret_file, bool *ret_cloexec)
{
	struct task *t = tb->task;
	/* In a survey the key may stay in the tree: for the others of a description that was refused. */
	struct file_key own, *key = d->survey ? arena_obj(d->arena, struct file_key) : &own;
	autofree char *text = NULL;
	struct fdinfo_head head;
	struct stat st;
	char at[32];
	void **node;
	int r;

	if (!key)
		return -ENOMEM;
	*key = (struct file_key){ .file = { .task = t, .number = n }, .d = d };
	snprintf(at, sizeof(at), "fd/%d", n);
	if (fstatat(t->proc, at, &st, 0) < 0)
		return err_task(t->pid, -errno, "stat its descriptor %d", n);
	r = fdinfo_read(t, n, &head, &text);
	if (r < 0)
		return r;

	*ret_cloexec = head.flags & O_CLOEXEC;
	key->file.dev = st.st_dev;
	key->file.ino = st.st_ino;
	key->file.access = head.flags & (O_ACCMODE | O_PATH);

	node = tsearch(key, &d->files->descriptions, file_order);
	if (!node)
		return -ENOMEM;
	r = fault_at(FAULT_DUMP_FD_KCMP);
	if (r < 0)
		return r;
	if (key->err) {
		/* In a survey it may be gone: no other shall be compared with it. */
		(void)tdelete(key, &d->files->descriptions, file_order);
		return err_task(t->pid, key->err, "compare its descriptor %d with others%s", n,
				kcmp_help(key->err));
	}
	*ret_file = *node;
	if ((*ret_file)->kind) {
		return locks_collect(d, tb, &(struct fd_info){ .task = t, .number = n, .at = at, .fd = -1, .text = text,
				     .link = (*ret_file)->kind->name }, *ret_file, false);
	}

	r = new_description(d, tb, t, n, &head, text, &st, ret_file);
	if (r < 0)
		return r;
	(*ret_file)->dev = key->file.dev;
	(*ret_file)->ino = key->file.ino;
	(*ret_file)->access = key->file.access;
	*node = *ret_file;
	return 0;
}

/* --- one table -------------------------------------------------------------------------------- */

static int collect_table(struct dump *d, struct dtable *tb)
{
	struct task *t = tb->task;
	autofree pid_t *numbers = NULL;
	size_t n;
	int r;

	r = proc_list_numbers(t->proc, "fd", &numbers, &n);
	if (r < 0)
		return err_task(t->pid, r, "list its descriptors");
	tb->fds = arena_array(d->arena, n, sizeof(*tb->fds));
	if (n && !tb->fds)
		return -ENOMEM;

	for (size_t i = 0; i < n; i++) {
		struct dtable_fd *e = &tb->fds[tb->n];

		if (t->victim && victim_is_infected(t->victim) && victim_owns_fd(t->victim, numbers[i]))
			continue;
		e->number = numbers[i];
		r = description_of(d, tb, e->number, &e->file, &e->cloexec);
		if (r >= 0)
			tb->n++;
		r = survey_pass(d->survey, r, t->pid, "a descriptor");
		if (r < 0)
			return r;
	}
	for (size_t i = 0; r >= 0 && i < FD_KIND_NR; i++) {
		if (fd_kinds[i]->check_table)
			r = survey_pass(d->survey, fd_kinds[i]->check_table(d, tb), t->pid, "its descriptors");
	}
	return r;
}

/* All threads must use the table and the fs (root, cwd, umask) of the first: the images have one of each a task. */
static int check_threads(struct dump *d, const struct task *t)
{
	pid_t first = task_living_tid(t);

	for (size_t i = 0; t->victim && i < t->victim->nr_threads; i++) {
		const struct victim_thread *th = &t->victim->threads[i];
		int err = 0;

		if (th->is_dead || th->tid == first)
			continue;
		if (kcmp_order(d, &err, first, th->tid, KCMP_FILES, 0, 0))
			return err ? err_task(t->pid, err, "compare the file tables of its threads%s", kcmp_help(err)) :
				     block_task(d, THREAD_FILES, t->pid, -ENOTSUP, "dump thread %d, which has a file table of its own", th->tid);
		if (kcmp_order(d, &err, first, th->tid, KCMP_FS, 0, 0))
			return err ? err_task(t->pid, err, "compare the directories of its threads%s", kcmp_help(err)) :
				     block_task(d, THREAD_FS, t->pid, -ENOTSUP, "dump thread %d, which has a working directory of its own", th->tid);
	}
	return 0;
}

int fd_collect(struct dump *d, struct task *t)
{
	/* In a survey, of a tree that changes, it may stay in the tree. */
	struct table_key own, *key = d->survey ? arena_obj(d->arena, struct table_key) : &own;
	struct dtable *tb;
	void **node;
	int r;

	if (!key)
		return -ENOMEM;
	*key = (struct table_key){ .table = { .task = t }, .d = d };
	r = survey_pass(d->survey, check_threads(d, t), t->pid, "its threads");
	if (r >= 0)
		r = survey_pass(d->survey, fs_collect(d, t), t->pid, "its directories");
	if (r < 0)
		return r;

	node = tsearch(key, &d->files->tables, table_order);
	if (!node)
		return -ENOMEM;
	if (key->err) {
		(void)tdelete(key, &d->files->tables, table_order);
		return err_task(t->pid, key->err, "compare its file table with others%s", kcmp_help(key->err));
	}
	if (*node != key) {
		tb = *node;
		if (!t->parent || t->parent->files_id != tb->id)
			return block_task(d, SHARED_FILES, t->pid, -ENOTSUP, "dump it: it shares its file table with pid %d, which is not its parent",
					  tb->task->pid);
		t->files_id = tb->id;
		return 0;
	}

	tb = arena_obj(d->arena, struct dtable);
	if (!tb)
		return -ENOMEM;
	tb->task = t;
	tb->id = ++d->files->n_tables;
	*node = tb;
	list_add_tail(&tb->all, &d->files->all_tables);
	t->files_id = tb->id;
	return collect_table(d, tb);
}

/* --- writing ---------------------------------------------------------------------------------- */

static int write_table(struct dump *d, const struct dtable *tb)
{
	autoimage struct image *img = NULL;
	int r;

	r = image_create(d->images, IMG_FDINFO, tb->id, &img);
	for (size_t i = 0; r >= 0 && i < tb->n; i++) {
		const struct dtable_fd *e = &tb->fds[i];
		FdinfoEntry fe = FDINFO_ENTRY__INIT;

		fe.id = e->file->fe->id;
		fe.flags = e->cloexec ? FD_CLOEXEC : 0;
		fe.type = e->file->fe->type;
		fe.fd = e->number;
		r = image_write(img, &fe.base);
	}
	return r < 0 ? r : image_close(take_ptr(img));
}

static int write_files(struct dump *d)
{
	autoimage struct image *img = NULL;
	struct dfile *f;
	int r;

	r = image_create(d->images, IMG_FILES, 0, &img);
	list_for_each (f, &d->files->files, all) {
		if (r >= 0)
			r = image_write(img, &f->fe->base);
	}
	return r < 0 ? r : image_close(take_ptr(img));
}

/* Owners were noted before all tasks were known. */
static void translate_owners(struct dump *d)
{
	struct dfile *f;

	list_for_each (f, &d->files->files, all) {
		char *msg = *(char **)((char *)f->fe + f->kind->message);
		/* Without a message: refused, and a survey has gone on. */
		FownEntry *fown = msg && f->kind->fown ? *(FownEntry **)(msg + f->kind->fown) : NULL;

		if (fown && fown->pid)
			fown->pid = vpid_of(d, fown->pid);
	}
}

int fd_check(struct dump *d)
{
	int r = 0;

	translate_owners(d);

	for (size_t i = 0; r >= 0 && i < FD_KIND_NR; i++) {
		if (fd_kinds[i]->check)
			r = survey_pass(d->survey, fd_kinds[i]->check(d), d->root->pid, "its files");
	}
	return r;
}

int fd_dump_write(struct dump *d)
{
	struct dtable *tb;
	int r;

	r = fault_at(FAULT_DUMP_FD_TABLES);
	list_for_each (tb, &d->files->all_tables, all) {
		if (r >= 0)
			r = write_table(d, tb);
	}
	if (r >= 0)
		r = remap_write(d);
	for (size_t i = 0; r >= 0 && i < FD_KIND_NR; i++) {
		if (fd_kinds[i]->write)
			r = fd_kinds[i]->write(d);
	}
	if (r >= 0)
		r = locks_write(d);
	if (r >= 0)
		r = fault_at(FAULT_DUMP_FD_FILES);
	return r < 0 ? r : write_files(d);
}

void fd_dump_undo(struct dump *d)
{
	if (d->files)
		remap_dump_undo(d);
}
