/* SPDX-License-Identifier: GPL-2.0-only */
/* What dump knows of open files: struct dump_files, private to criu/fd. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/list.h"
#include "criu/fd/kind.h"

struct dump;
struct task;

/* One file of files.img: an open file description, or a path that something else refers to. */
struct dfile {
	struct list all; /* by id */
	FileEntry *fe;
	const struct fd_kind *kind;

	/* What descriptions are ordered by: what no one can change, then kcmp(). */
	dev_t dev;
	ino_t ino;
	uint32_t access; /* O_ACCMODE and O_PATH */

	/* Where to get it again; number is -1 for what is no descriptor. */
	struct task *task;
	int number;
	const char *at;
};

/* One descriptor of a table. */
struct dtable_fd {
	struct dfile *file;
	int number;
	bool cloexec;
};

/* A table of descriptors; tasks with CLONE_FILES share one. */
struct dtable {
	struct list all; /* by id */
	uint32_t id;
	struct task *task;
	struct dtable_fd *fds;
	size_t n;
};

struct dump_files {
	void *descriptions; /* tsearch(3): struct dfile, told apart by kcmp() */
	void *paths;	    /* tsearch(3): struct dpath of path.c */
	void *tables;	    /* tsearch(3): struct dtable, told apart by kcmp() */
	struct list files, all_tables;
	struct list locks; /* locks.c */
	uint32_t n_ids;	    /* the last one given */
	uint32_t n_tables;
	struct remaps *remaps;	 /* remap.c */
	struct ghosts *ghosts;	 /* ghost.c */
	void *state[FD_KIND_NR]; /* of each kind */
};

/* A new file with the next id; the caller fills in its message. NULL without memory. */
struct dfile *dfile_add(struct dump *d, const struct fd_kind *k, struct task *t, int number, const char *at);
/* Our own descriptor of a description, fetched from the task: closed as soon as possible, there may be thousands. */
int dfile_fetch(const struct dfile *f);

/* A thread of @t that lives; the leader may be dead, and has no files then. */
pid_t task_living_tid(const struct task *t);

/*
 * Give @fi, which is open by a path, a REG entry of its own with @flags: for the path part of fifos and ttys, and for
 * mappings and the like.
 */
int reg_add(struct dump *d, const struct fd_info *fi, uint32_t flags, uint32_t *ret_id);

/* The same for memory without a name in a file system: a MEMFD entry. */
int memfd_add(struct dump *d, const struct fd_info *fi, uint32_t flags, uint32_t *ret_id);

/* t->fs: cwd, root, umask. */
int fs_collect(struct dump *d, struct task *t);

/* Say by name what @fi is that no kind takes, and what helps. Returns -ENOTSUP. */
int refuse_unknown(const struct dump *d, const struct fd_info *fi);
