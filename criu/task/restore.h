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
#include <sys/resource.h>
#include <sys/types.h>

#include "base/list.h"
#include "criu/task/dump.h" /* enum task_state */

struct arena;
struct creds_now;
struct image_dir;
struct kerndat;
struct options;
struct progress;
struct restore_files; /* criu/fd */
struct restore_mem;   /* criu/mem */
struct rtask_files;   /* criu/fd */
struct rtask_mem;     /* criu/mem */
struct stages;	      /* criu/task/stages.h: the barriers, in shared memory */

/* protobuf-c's names; include the generated header where you look inside. */
struct CoreEntry;
struct FsEntry;
struct InventoryEntry;
struct MmEntry;
struct PstreeEntry;
struct SeccompEntry;
struct TaskKobjIdsEntry;
struct TimensEntry;

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
	bool any_pid; /* a helper whose pid nobody asks for: one that was free here */
	bool helper; /* not in the images: stands in for a dead session or group leader */

	/* The plan (tree_plan.c). */
	struct rtask *forker;	     /* who forks it: the parent, or one that dies so that the parent gets it */
	struct list forks, fork_link; /* whom it forks, in this order */
	bool early;  /* forked before its forker calls setsid(): it belongs to the forker's old session */
	bool adopts; /* a child subreaper while the tree is built: children of dead ones come to it */
	bool leads;  /* makes a process group at birth, even if it moves to another one later */
	pid_t born_sid; /* the session it must be born in; 0: any */

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

/* Has it memory, files and threads of its own, i.e. is it neither a zombie nor a helper? */
static inline bool rtask_is_live(const struct rtask *rt)
{
	return !rt->helper && rt->state != TASK_DEAD;
}

#define restore_for_each_task(i, rs) for ((i) = 0; (i) < (rs)->n_tasks; (i)++)

struct restore {
	const struct options *opt;
	struct kerndat *kd;
	struct arena *arena;
	struct arena *messages; /* the images' content, shared by all forked tasks: const after reading */
	struct image_dir *images;

	struct InventoryEntry *inventory;
	struct rtask *root;
	struct rtask **tasks;
	size_t n_tasks;

	struct restore_files *files;
	struct restore_mem *mem;
	struct stages *stages;
	struct progress *progress; /* criu/image/progress.h; a task has its copy */
	const struct creds_now *creds_now; /* criu's own, criu/task/creds_restore.h */
	struct SeccompEntry *seccomp;	   /* NULL: there is no such image */
	struct TimensEntry *clocks;	   /* from which the tree's clocks go on; NULL: it sees the host's */
	bool elsewhere;			   /* the images are looked at for another host: its CPU may have what ours lacks */
	bool has_pidfile;		   /* written by this restore */
	bool has_seccomp;		   /* some thread of the tree has a filter or strict mode */
	int was_subreaper;		   /* criu, before the restore */
	struct rlimit old_nofile;	   /* criu's, before it was raised */
	int lifeline[2];		   /* criu/flow/lifeline.h */
	char lifeline_path[32];		   /* of its reading end, in each task */
	int old_log_fd;			   /* while the log goes to a copy above all tasks' descriptors; else -1 */
	pid_t own_sid, own_pgid;	   /* criu's, for --shell-job */

	struct {
		uint64_t pages_compared, pages_skipped_cow, pages_restored;
		uint64_t forking_us, restore_us;
	} *stats; /* in shared memory; add with __atomic_fetch_add */
};
