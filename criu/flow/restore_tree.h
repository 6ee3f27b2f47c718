/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of a restore that need every room: criu/flow/restore.c goes through them. In the order
 * of calls.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct restore;
struct rtask;

/* --- before anything is made (restore.c); criu check --images goes as far as here --------------------- */

int restore_prepare(struct restore *rs);
/* Read the images into one model and check it whole. */
int restore_read(struct restore *rs);
/* The end of it all, after a failure of any of the above, too. */
void restore_end(struct restore *rs);

/* --- building -------------------------------------------------------------------------------------- */

/* Fork @rt, which goes through task_restore_run(); 0 or -errno (logged). (restore_fork.c) */
int task_fork(struct restore *rs, struct rtask *rt);
/* The life of a new process until the restorer takes over. (restore_task.c) */
void task_restore_run(struct restore *rs, struct rtask *rt) __attribute__((noreturn));
/* Build the restorer's mapping in this task and go there. (restore_args.c) */
struct restorer_args;
struct restorer_start {
	struct restorer_args *args;
	uint64_t entry, stack;
};
int restorer_build(struct restore *rs, struct rtask *rt, struct restorer_start *ret_start);

/* --- the coordinator, at the end (restore_finish.c) --------------------------------------------------------- */

/* Take hold of every process (STAGE_READY), of every other thread (STAGE_THREADS), and of all when they stand. */
int finish_hold(struct restore *rs);
/* Unmap the restorers, set registers and signal masks. */
int finish_threads(struct restore *rs);
/* Let all go, stopped ones stopped. Does not fail: who is gone by now is reported by its parent's wait(). */
void finish_release(struct restore *rs);
/* The other way out: kill and reap all that was created. */
void finish_kill(struct restore *rs);
