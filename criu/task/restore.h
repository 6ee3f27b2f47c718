/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a restore knows: struct restore is read from the images and checked whole by
 * criu/flow/restore.c before anything is created; every task of the tree then inherits it by
 * fork. After the first fork only what lies in struct restore_shared is common to all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/list.h"
#include "criu/task/dump.h" /* enum task_state */

struct arena;
struct image_dir;
struct kerndat;
struct options;
struct restore_files; /* criu/fd */
struct rtask_files;   /* criu/fd */
struct rtask_mem;     /* criu/mem */
struct stages;	      /* criu/task/stages.h: the barriers, in shared memory */

/* protobuf-c's names; include the generated header where you look inside. */
struct CoreEntry;
struct FsEntry;
struct InventoryEntry;
struct MmEntry;
struct PstreeEntry;
struct TaskKobjIdsEntry;

/* One thread to be; [0] is the leader. */
struct rthread {
	pid_t tid;
	struct CoreEntry *core;
};

/* One process to be. Pids are as the tree sees them, as in the images. */
struct rtask {
	size_t index;			/* in struct restore.tasks: a parent's is lower */
	struct rtask *parent;		/* NULL for the root task */
	struct list children, siblings; /* in the order of the image */

	pid_t pid, pgid, sid;
	enum task_state state;
	bool helper; /* not in the images: stands in for a dead session or group leader */
	bool early;  /* forked before its parent calls setsid(): it belongs to the parent's old session */
	bool adopts; /* a child subreaper while the tree is built: helpers' children come to it */

	struct CoreEntry *core; /* NULL for helpers */
	struct rthread *threads;
	size_t n_threads;

	/* NULL for zombies and helpers. */
	struct TaskKobjIdsEntry *ids;
	struct MmEntry *mm;
	struct FsEntry *fs;

	struct rtask_files *files;
	struct rtask_mem *mem;
};

struct restore {
	const struct options *opt;
	struct kerndat *kd;
	struct arena *arena;
	struct image_dir *images;

	struct InventoryEntry *inventory;
	struct rtask *root;
	struct rtask **tasks;
	size_t n_tasks;

	struct restore_files *files;
	struct stages *stages;

	struct {
		uint64_t pages_compared, pages_skipped_cow, pages_restored;
		uint64_t forking_us, restore_us;
	} *stats; /* in shared memory; add with __atomic_fetch_add */
};
