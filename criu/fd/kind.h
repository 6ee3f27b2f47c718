/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a kind of open file provides, and what it may lean on. A kind is one file, x.c, with one
 * const struct fd_kind x_kind, listed in kinds.h. criu/fd/dump.c and restore.c go through the table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "criu/image/blocker.h"
#include "criu/image/image.h" /* enum image_kind */
#include "proto/fdinfo.pb-c.h"

struct dtable;
struct dump;
struct restore;
struct rtask;
struct task;

enum fd_kind_nr {
#define KIND(x) FD_KIND_##x,
#include "criu/fd/kinds.h"
#undef KIND
	FD_KIND_NR,
};

/* A file as dump sees it, while we hold a descriptor of it. */
struct fd_info {
	struct task *task;
	int number;		/* in the task; -1: found behind another magic link of it */
	const char *at;		/* the magic link below task->proc: "fd/5", "exe", "map_files/..." */
	int fd;			/* ours; O_PATH when number is -1 */
	struct stat st;
	const char *link;	/* the magic link's text */

	/* From fdinfo. */
	const char *text;	/* all of it; NULL when number is -1 */
	uint32_t flags;		/* without O_CLOEXEC */
	uint64_t pos;
	int mnt_id;

	uint32_t id;		/* the description's */
};

/* One open file description to be. */
struct rfile {
	const FileEntry *fe;
	const struct fd_kind *kind;
	struct rfile *lead;	/* the first of those that must be opened by one task, maybe itself */
	struct rtask *owner;	/* who opens it: the first task that has any of the group; NULL: on demand only */
	struct rfile *next_owned;
	struct rfile_slot *slot; /* what all tasks see of it, in shared memory */
	struct remap *remap;	/* its name does not lead to it: remap.h */
	void *state;		/* the kind's own; tasks have copies from the fork on */
	int number;		/* in the owner's table; -1: the owner has none and opens it for others */
	bool cloexec;		/* of that number */
	bool is_path_of_tty;	/* a terminal is opened by its number, not by this name */
};

struct fd_kind {
	const char *name;	/* in messages */
	FdTypes type;
	enum image_kind old_image; /* where images without files.img have the messages; 0: they have none */

	/* Where a FileEntry points to our message, and where the message has these; FD_MESSAGE() fills them in. */
	size_t message, flags, fown;

	/* --- dump --- */
	const char *link;	/* the text of the magic link, or NULL: ask is() */
	bool (*is)(const struct dump *d, const struct fd_info *fi);
	/* Fill in out->x (flags, fown and id are filled in after), or refuse (logged). Nothing is written here. */
	int (*dump)(struct dump *d, const struct fd_info *fi, FileEntry *out);
	/* After each table of descriptors: check what needs all of them. May be NULL. */
	int (*check_table)(struct dump *d, struct dtable *tb);
	/* Once, when all tasks have been looked at and nothing is written yet: refuse what only the whole tree tells. May be NULL. */
	int (*check)(struct dump *d);
	/* Once, after all files: write the kind's own images. May be NULL. */
	int (*write)(struct dump *d);

	/* --- restore --- */
	/* Once, before any collect: read the kind's own images. May be NULL. */
	int (*read)(struct restore *rs);
	/* Check the entry (its message is there and has its id) and what it refers to; join a group. May be NULL. */
	int (*collect)(struct restore *rs, struct rfile *rf);
	/* Before anything is made: is what open() needs there, and is it what was dumped? Changes nothing. May be NULL. */
	int (*look)(struct restore *rs, struct rfile *rf);
	/* Once, in the coordinator before the first fork: what exists once for all. May be NULL. */
	int (*begin)(struct restore *rs);
	/* In the owner: a new descriptor, any number. Called in the order of ids. */
	int (*open)(struct restore *rs, struct rtask *rt, struct rfile *rf);
	/* In any task or the coordinator: a new descriptor for a mapping or directory; @flags may be FD_FLAGS_RECORDED. May be NULL. */
	int (*reopen)(struct restore *rs, struct rfile *rf, int flags);
	/* In every task, once all is in place. May be NULL. */
	int (*finish_session)(struct restore *rs, struct rtask *rt);
	/* In the owner, once all descriptors of all tasks are in place; @fd is its number. May be NULL. */
	int (*finish)(struct restore *rs, struct rtask *rt, struct rfile *rf, int fd);
	/* Once, in the root task, after all tasks have mapped and opened what they have. May be NULL. */
	int (*settle)(struct restore *rs);
	/* Once, in the coordinator: take away what begin() has made. May be NULL. */
	void (*end)(struct restore *rs, bool failed);
};

#define FD_MESSAGE(member, Type)                   \
	.message = offsetof(FileEntry, member),    \
	.flags = offsetof(Type, flags),            \
	.fown = offsetof(Type, fown)
/* For a message without flags and owner of its own. */
#define FD_MESSAGE_BARE(member) .message = offsetof(FileEntry, member)

/* "eventfd-count: 2a" in fdinfo, read in @base. -ENODATA when there is no such line. */
int fdinfo_get(const struct fd_info *fi, const char *key, int base, uint64_t *ret_value);
/* The line after @line (NULL: the first) that starts with @key and a colon, from behind the colon; NULL: none. */
const char *fdinfo_next(const struct fd_info *fi, const char *line, const char *key);

#define KIND(x) extern const struct fd_kind x##_kind;
#include "criu/fd/kinds.h"
#undef KIND

extern const struct fd_kind *const fd_kinds[FD_KIND_NR];

/* Errors: "pid 812 fd 5 (eventfd): cannot ..."; the same for a file to be: "file 7 (/tmp/x): cannot ...". */
#define err_fd(fi, r, ...)	 err_object_at(__FILE__, __LINE__, fd_info_name(fi, (char[512]){ 0 }), r, __VA_ARGS__)
/* With a code: criu/image/blocker.h. */
#define block_fd(d, id, fi, r, ...)                                                                                        \
	block_at((d)->survey, id, (&(struct block_object){ .pid = (fi)->task->pid, .fd = (fi)->number, .at = (fi)->at,     \
							   .path = (fi)->link }), r, __VA_ARGS__)
#define err_rfile(rf, r, ...)	 err_object_at(__FILE__, __LINE__, rfile_name(rf, (char[512]){ 0 }), r, __VA_ARGS__)
#define refuse_rfile(rf, r, ...) refuse_object_at(__FILE__, __LINE__, rfile_name(rf, (char[512]){ 0 }), r, __VA_ARGS__)
const char *fd_info_name(const struct fd_info *fi, char buf[512]);
const char *rfile_name(const struct rfile *rf, char buf[512]);
