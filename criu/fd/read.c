// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read the lists of open files and check them: every id resolves, every message is of its type, every
 * descriptor has one file. Who opens what is decided here as well, so that all tasks know it
 * by inheritance.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/fd/kind.h"
#include "criu/fd/locks.h"
#include "criu/fd/remap.h"
#include "criu/fd/rfiles.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/restore.h"
#include "proto/core.pb-c.h"
#include "proto/fs.pb-c.h"
#include "proto/pstree.pb-c.h"

const char *rfile_name(const struct rfile *rf, char buf[512])
{
	if (rf->fe->type == FD_TYPES__REG && rf->fe->reg)
		snprintf(buf, 512, "file %u (%s)", rf->fe->id, rf->fe->reg->name);
	else
		snprintf(buf, 512, "file %u (%s)", rf->fe->id, rf->kind ? rf->kind->name : "?");
	return buf;
}

struct rfile *rfile_find(const struct restore *rs, uint32_t id)
{
	struct rfile *files = rs->files->files;
	size_t lo = 0, hi = rs->files->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (files[mid].fe->id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < rs->files->n && files[lo].fe->id == id ? &files[lo] : NULL;
}

static const struct fd_kind *kind_of_type(FdTypes type)
{
	for (size_t i = 0; i < FD_KIND_NR; i++) {
		if (fd_kinds[i]->type == type)
			return fd_kinds[i];
	}
	return NULL;
}

/* --- files.img ---------------------------------------------------------------------------------- */

static int check_entry(struct rfile *rf)
{
	const ProtobufCEnumValue *type = protobuf_c_enum_descriptor_get_value(&fd_types__descriptor, rf->fe->type);
	const char *msg;

	rf->kind = kind_of_type(rf->fe->type);
	if (!rf->kind)
		return refuse_any(-ENOTSUP, "restore file %u of type %d (%s) yet", rf->fe->id, rf->fe->type,
				  type ? type->name : "unknown");
	msg = *(char **)((char *)rf->fe + rf->kind->message);
	if (!msg)
		return refuse_rfile(rf, -EINVAL, "use its entry: the %s part is not there", rf->kind->name);
	/* The id is the first field of every kind's message. */
	if (*(uint32_t *)(msg + sizeof(ProtobufCMessage)) != rf->fe->id || !rf->fe->id)
		return refuse_rfile(rf, -EINVAL, "use its entry: it has two ids");
	/* open() keeps none of these, and they would make or empty a file. */
	if (rf->kind->fown && (*(uint32_t *)(msg + rf->kind->flags) & (O_CREAT | O_EXCL | O_TRUNC)))
		return refuse_rfile(rf, -EINVAL, "open it with flags %#o", *(uint32_t *)(msg + rf->kind->flags));
	return 0;
}

static int by_id(const void *a, const void *b)
{
	uint32_t x = ((const struct rfile *)a)->fe->id, y = ((const struct rfile *)b)->fe->id;

	return x < y ? -1 : x > y;
}

/* Before files.img each kind had an image of its own, with the bare messages. */
static int read_old_files(struct restore *rs, FileEntry ***ret_entries, size_t *ret_n)
{
	size_t n = 0, room = 0;
	FileEntry **all = NULL;

	for (size_t i = 0; i < FD_KIND_NR; i++) {
		const struct fd_kind *k = fd_kinds[i];
		const ProtobufCMessageDescriptor *desc = NULL;
		ProtobufCMessage **msgs;
		size_t got;
		int r;

		if (!k->old_image) /* kinds younger than files.img */
			continue;
		for (unsigned int f = 0; f < file_entry__descriptor.n_fields; f++) {
			if (file_entry__descriptor.fields[f].offset == k->message)
				desc = file_entry__descriptor.fields[f].descriptor;
		}
		r = image_read_all(rs->images, k->old_image, 0, desc, &msgs, &got);
		if (r < 0)
			return r;
		if (n + got > room) {
			FileEntry **more = arena_array(rs->arena, room = 2 * (n + got), sizeof(*all));

			if (!more)
				return -ENOMEM;
			if (n)
				memcpy(more, all, n * sizeof(*all));
			all = more;
		}
		for (size_t j = 0; j < got; j++) {
			FileEntry *fe = image_new(rs->arena, FILE_ENTRY, FileEntry);

			if (!fe)
				return -ENOMEM;
			fe->type = k->type;
			fe->id = *(uint32_t *)((char *)msgs[j] + sizeof(ProtobufCMessage));
			*(ProtobufCMessage **)((char *)fe + k->message) = msgs[j];
			all[n++] = fe;
		}
	}

	*ret_entries = all;
	*ret_n = n;
	return 0;
}

static int read_entries(struct restore *rs, FileEntry ***ret_entries, size_t *ret_n)
{
	autoimage struct image *img = NULL;
	int r = image_open(rs->images, IMG_FILES, 0, &img);

	if (r < 0)
		return r;
	if (!image_exists(img))
		return read_old_files(rs, ret_entries, ret_n);
	return image_read_all(rs->images, IMG_FILES, 0, &file_entry__descriptor, ret_entries, ret_n);
}

static int read_files(struct restore *rs)
{
	struct restore_files *rf = rs->files;
	FileEntry **entries;
	int r;

	r = read_entries(rs, &entries, &rf->n);
	if (r < 0)
		return r;
	rf->files = arena_array(rs->arena, rf->n, sizeof(*rf->files));
	if (rf->n && !rf->files)
		return -ENOMEM;

	for (size_t i = 0; i < rf->n; i++) {
		rf->files[i].fe = entries[i];
		rf->files[i].number = -1;
		r = check_entry(&rf->files[i]);
		if (r < 0)
			return r;
	}
	if (rf->n)
		qsort(rf->files, rf->n, sizeof(*rf->files), by_id);
	for (size_t i = 0; i < rf->n; i++) {
		rf->files[i].lead = &rf->files[i];
		if (i && rf->files[i].fe->id == rf->files[i - 1].fe->id)
			return refuse_rfile(&rf->files[i], -EINVAL, "tell it from another file with the same id");
	}
	return 0;
}

/* --- fdinfo-N.img ------------------------------------------------------------------------------- */

/* The kernel takes no descriptor at or above this. */
static uint32_t nr_open(void)
{
	autofree char *text = NULL;

	if (io_slurp_at(AT_FDCWD, "/proc/sys/fs/nr_open", &text, NULL) < 0)
		return 1024 * 1024;
	return strtoul(text, NULL, 10);
}

static int by_number(const void *a, const void *b)
{
	int x = ((const struct rtable_fd *)a)->number, y = ((const struct rtable_fd *)b)->number;

	return x < y ? -1 : x > y;
}

static int check_fdinfo(struct restore *rs, const FdinfoEntry *fe, uint32_t id, uint32_t limit, struct rtable_fd *ret)
{
	struct rfile *file = rfile_find(rs, fe->id);

	if (!file)
		return refuse_any(-EINVAL, "use fdinfo-%u: descriptor %u is file %u, which is not in the images", id, fe->fd, fe->id);
	if (fe->type != file->fe->type)
		return refuse_rfile(file, -EINVAL, "use fdinfo-%u: descriptor %u is of another type", id, fe->fd);
	if (fe->fd >= limit)
		return refuse_rfile(file, -EINVAL, "give it descriptor %u (fdinfo-%u): the kernel stops at %u; raise fs.nr_open",
				    fe->fd, id, limit);

	*ret = (struct rtable_fd){ .file = file, .number = fe->fd, .cloexec = fe->flags & FD_CLOEXEC };
	return 0;
}

static int read_table(struct restore *rs, uint32_t id, uint32_t limit, struct rtable **ret_table)
{
	struct rtable *tb = arena_obj(rs->arena, struct rtable);
	FdinfoEntry **entries;
	int r;

	if (!tb)
		return -ENOMEM;
	tb->id = id;
	r = image_read_all(rs->images, IMG_FDINFO, id, &fdinfo_entry__descriptor, &entries, &tb->n);
	if (r < 0)
		return r;
	tb->fds = arena_array(rs->arena, tb->n, sizeof(*tb->fds));
	if (tb->n && !tb->fds)
		return -ENOMEM;

	for (size_t i = 0; i < tb->n; i++) {
		r = check_fdinfo(rs, entries[i], id, limit, &tb->fds[i]);
		if (r < 0)
			return r;
	}
	if (tb->n)
		qsort(tb->fds, tb->n, sizeof(*tb->fds), by_number);
	for (size_t i = 1; i < tb->n; i++) {
		if (tb->fds[i].number == tb->fds[i - 1].number)
			return refuse_any(-EINVAL, "use fdinfo-%u: it has descriptor %d twice", id, tb->fds[i].number);
	}
	tb->floor = tb->n ? tb->fds[tb->n - 1].number + 1 : 0;
	*ret_table = tb;
	return 0;
}

static int read_task(struct restore *rs, struct rtask *rt, uint32_t limit)
{
	struct rtask *p = rt->parent;
	int r;

	rt->files = arena_obj(rs->arena, struct rtask_files);
	if (!rt->files)
		return -ENOMEM;
	/* Only with its parent can a task share a table: clone() makes it so. */
	if (p && p->ids && p->files && p->ids->files_id == rt->ids->files_id) {
		rt->files->table = p->files->table;
		rt->files->table->n_tasks++;
		return 0;
	}

	r = read_table(rs, rt->ids->files_id, limit, &rt->files->table);
	if (r < 0)
		return r;
	rt->files->table->n_tasks = 1;
	rt->files->leads = true;
	if (rt->files->table->floor > rs->files->top)
		rs->files->top = rt->files->table->floor;
	return 0;
}

/* --- who opens what ----------------------------------------------------------------------------- */

/* Tasks come in the order of their index, so the first that has any file of a group owns the group. */
static void find_owners(struct rtask *rt)
{
	const struct rtable *tb = rt->files->table;

	for (size_t i = 0; i < tb->n; i++) {
		struct rfile *rf = tb->fds[i].file, *lead = rf->lead;

		if (!lead->owner)
			lead->owner = rt;
		if (lead->owner == rt && rf->number < 0) {
			rf->number = tb->fds[i].number;
			rf->cloexec = tb->fds[i].cloexec;
		}
	}
}

static void list_owned(struct restore *rs)
{
	/* From the last: the lists are in the order of ids. */
	for (size_t i = rs->files->n; i-- > 0;) {
		struct rfile *rf = &rs->files->files[i];

		rf->owner = rf->lead->owner;
		if (!rf->owner)
			continue;
		rf->next_owned = rf->owner->files->owned;
		rf->owner->files->owned = rf;
	}
}

static int collect_files(struct restore *rs)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < FD_KIND_NR; i++) {
		if (fd_kinds[i]->read)
			r = fd_kinds[i]->read(rs);
	}
	for (size_t i = 0; r >= 0 && i < rs->files->n; i++) {
		struct rfile *rf = &rs->files->files[i];

		if (rf->kind->collect)
			r = rf->kind->collect(rs, rf);
	}
	return r;
}

/* Directories by which a task will be found again: tell now, before there is one. */
static int check_fs(const struct restore *rs, const struct rtask *rt)
{
	const uint32_t ids[] = { rt->fs->cwd_id, rt->fs->root_id };

	for (size_t i = 0; i < 2; i++) {
		const struct rfile *rf = rfile_find(rs, ids[i]);

		if (!rf || rf->fe->type != FD_TYPES__REG)
			return refuse_task(rt->pid, -EINVAL, "use file %u as its %s directory: it is %s", ids[i],
					   i ? "root" : "working", rf ? "of another type" : "not in the images");
	}
	return 0;
}

int fd_restore_read(struct restore *rs)
{
	uint32_t limit = nr_open();
	int r;

	r = fault_at(FAULT_RESTORE_FD_READ);
	if (r < 0)
		return r;
	rs->files = arena_obj(rs->arena, struct restore_files);
	if (!rs->files)
		return -ENOMEM;

	r = read_files(rs);
	if (r >= 0)
		r = remap_read(rs);
	for (size_t i = 0; r >= 0 && i < rs->n_tasks; i++) {
		if (rs->tasks[i]->ids)
			r = read_task(rs, rs->tasks[i], limit);
		if (r >= 0 && rs->tasks[i]->fs)
			r = check_fs(rs, rs->tasks[i]);
	}
	if (r >= 0)
		r = locks_read(rs);
	if (r >= 0)
		r = collect_files(rs);
	if (r < 0)
		return r;

	for (size_t i = 0; i < rs->n_tasks; i++) {
		if (rs->tasks[i]->files && rs->tasks[i]->files->leads)
			find_owners(rs->tasks[i]);
	}
	list_owned(rs);
	return 0;
}
