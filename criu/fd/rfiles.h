/* SPDX-License-Identifier: GPL-2.0-only */
/* What restore knows of open files: private to criu/fd. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/list.h"
#include "criu/fd/kind.h"

struct restore;
struct rtask;

/* What all tasks see of one file, in shared memory. */
struct rfile_slot {
	uint32_t ready; /* @fd of the owner is the file */
	int fd;
};

struct rfile_shared {
	uint32_t published; /* counts: the futex of those who wait */
	uint32_t waiters;
	uint32_t failed;    /* somebody gave up: nobody waits any more */
	struct rfile_slot slots[];
};

/* One descriptor of a table to be. */
struct rtable_fd {
	struct rfile *file;
	int number;
	bool cloexec;
};

struct rtable {
	uint32_t id;
	struct rtable_fd *fds; /* by number */
	size_t n;
	int floor; /* above all numbers */
	size_t n_tasks; /* that have it */
	bool reserved; /* something stands at each number already: fd_restore_reserve() */
};

/* A file lock to be set by a task. */
struct rlock {
	const struct FileLockEntry *entry;
	const struct rlock *next;
};

struct rtask_files {
	struct rtable *table;
	bool leads;	     /* not made with CLONE_FILES: does the work for the table */
	struct rfile *owned; /* what it opens for all, by id */
	const struct rlock *locks; /* what it locks; locks.c */
};

struct restore_files {
	struct rfile *files; /* by id */
	size_t n;
	struct rfile_shared *shared;
	size_t shared_size;
	int top; /* above all numbers of all tasks */
	size_t n_held; /* what the coordinator makes and keeps above those: memory, masters of terminals */

	int *kept; /* what --inherit-fd gives, option by option, out of the way; NULL before fd_restore_begin() */
	size_t n_kept;

	struct tmpname **names; /* tmpname.h */
	size_t n_names, room_for_names;
	struct rghosts *ghosts;	 /* ghost_restore.c */
	void *state[FD_KIND_NR]; /* of each kind */
};

/* NULL: no such file. */
struct rfile *rfile_find(const struct restore *rs, uint32_t id);

/* Move @fd (it is taken, also on failure) above the floor of @rt; NULL: of all. Close-on-exec. */
int rfile_park(struct restore *rs, struct rtask *rt, int fd);

/* Set the flags that fcntl() can set on @fd as in @flags, for what is not opened by a path. */
int rfile_set_flags(const struct rfile *rf, int fd, uint32_t flags);

/* O_LARGEFILE, which open() sets on all that it opens, and pipe() and others do not; 0 where there is none. */
int rfile_open_flag(void);

/* The descriptor that the caller gives for @key, which stays ours; or -ENOENT (not logged). The same before anything is made. */
int rfile_given(const struct restore *rs, const char *key);
/* A copy of it. */
int rfile_inherited(const struct restore *rs, const char *key);

/* Have the limit of open files that the tables need: for criu alone, so a look at images may do it. */
int rfile_raise_limit(struct restore *rs);
