/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The restore of a tree of processes, as criu/flow/restore.c goes through it. In the order of calls.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct restore;
struct rtask;

/* --- the coordinator, before anything is created ------------------------------------------------- */

/*
 * Read inventory.img, pstree.img and each process's core, ids, mm and fs images into @rs, and check
 * all that can be checked without the host: see tree_check().
 */
int tree_read(struct restore *rs);
/* Every field of the core images that is used later: sizes, counts, ranges. (tree_check.c) */
int tree_check(struct restore *rs);
/*
 * Who forks whom: adds helpers for session and group leaders that are gone, moves tasks below them,
 * and decides what is forked before its parent's setsid(). Refuses what no order of forks can give.
 */
int tree_plan(struct restore *rs);
/* The pids that will be needed are free here, and below pid_max. */
int tree_check_pids(struct restore *rs);

/* --- building -------------------------------------------------------------------------------------- */

/* Fork @rt, which goes through task_restore_run(); 0 or -errno (logged). (fork.c) */
int task_fork(struct restore *rs, struct rtask *rt);
/* The life of a new process until the restorer takes over. (task_restore.c) */
void task_restore_run(struct restore *rs, struct rtask *rt) __attribute__((noreturn));
/* Build the restorer's mapping in this task and go there. (restorer_args.c) */
struct restorer_args;
struct restorer_start {
	struct restorer_args *args;
	uint64_t entry, stack;
};
int restorer_build(struct restore *rs, struct rtask *rt, struct restorer_start *ret_start);

/* --- the coordinator, at the end (finish.c) --------------------------------------------------------- */

/* Take hold of every process (STAGE_READY), of every other thread (STAGE_THREADS), and of all when they stand. */
int finish_hold(struct restore *rs);
/* Unmap the restorers, set registers and signal masks. */
int finish_threads(struct restore *rs);
/* Let all go, stopped ones stopped. Does not fail: who is gone by now is reported by its parent's wait(). */
void finish_release(struct restore *rs);
/* The other way out: kill and reap all that was created. */
void finish_kill(struct restore *rs);
