/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a dump knows: struct dump is made by criu/flow/dump.c and handed down to every room.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/list.h"
#include "base/proc.h"
#include "criu/task/ids.h"
#include "criu/task/interrupt.h"

struct FsEntry;
struct TimensEntry;
struct arena;
struct dump_cgroups; /* criu/task/cgroup.c */
struct dump_files; /* criu/fd */
struct dump_ids; /* criu/task/ids.c */
struct dump_seccomp; /* criu/task/seccomp.c */
struct image_dir;
struct kerndat;
struct options;
struct progress;
struct task_look; /* criu/task/look.h */
struct task_mem; /* criu/mem */
struct survey; /* criu/image/blocker.h */
struct victim;	 /* compel */

enum task_state {
	/* The values of task_core_entry.task_state. */
	TASK_ALIVE = 1,
	TASK_DEAD = 2, /* a zombie */
	TASK_STOPPED = 3,
};

/* One process of the tree. Pids: plain ones are as criu sees them, v... as the tree sees them. */
struct task {
	struct list all;		/* in struct dump.tasks: parents first, depth first */
	struct list children, siblings; /* by age, oldest first */
	struct task *parent;		/* NULL for the root task */

	pid_t pid, vpid;
	pid_t vpgid, vsid;
	enum task_state state;
	int exit_code;	 /* a zombie's wait status */
	int stop_signal; /* TASK_STOPPED */
	bool no_children; /* freeze.c: was seen without any when frozen */

	struct victim *victim; /* NULL for zombies */
	int pidfd;	       /* -1 for zombies; the victim's */
	int proc;	       /* /proc/PID, open; for openat() */
	struct proc_stat stat; /* as it was when frozen */

	uint32_t ns[NS_NR]; /* ids of its namespaces; 0: the kernel has none of that kind */
	uint32_t kobj_id;   /* its memory, signal handlers, working directory */
	uint32_t files_id;  /* the file table; equal to the parent's when shared (CLONE_FILES) */

	struct task_look *look; /* what was read about it, from outside and inside */
	struct task_mem *mem;
	struct FsEntry *fs;	/* criu/fd: root, cwd, umask; set by fd_collect() */
};

struct dump {
	const struct options *opt;
	struct survey *survey; /* criu check --tree: refusals are noted here, nothing is held or asked; NULL: a dump */
	struct kerndat *kd;
	struct arena *arena; /* all that lives as long as the run */
	struct image_dir *images;
	struct interrupt interrupt; /* while the tree is held */

	int lsm; /* enum lsm_kind of criu/task/lsm.h: what the host enforces */
	int machine; /* core_entry.mtype, known from the first core image on */

	struct task *root;
	struct list tasks;
	size_t n_tasks;

	struct dump_ids *ids;
	struct TimensEntry *clocks; /* criu/ns/time.c: as the frozen tree sees them */
	struct dump_cgroups *cgroups;
	struct dump_seccomp *seccomp;
	struct dump_files *files;
	struct progress *progress; /* criu/image/progress.h */

	/* For stats-dump and the summary line; pages of task pagemaps. */
	struct {
		uint64_t freezing_us, frozen_us, memdump_us, memwrite_us;
		uint64_t pages_scanned, pages_skipped_parent, pages_written, pages_lazy;
		uint64_t shpages_scanned, shpages_skipped_parent, shpages_written;
	} stats;
};

#define dump_for_each_task(t, d) list_for_each (t, &(d)->tasks, all)
