/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stages of a restore as criu's own processes see them; criu/inside/stages.h has the
 * barriers themselves. A process that fails logs its error (err_... do) and calls stage_failed();
 * all others then leave at their next stage, and the coordinator kills and reaps whoever is left.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "criu/inside/stages.h"

struct restore;
struct rtask;

/* What a task tells the coordinator, in shared memory. */
struct stages_place {
	uint64_t base, size; /* its restorer's mapping */
	uint64_t insn;	     /* a system call instruction in it */
	int32_t close_from;  /* criu's descriptors start here, and the coordinator closes them; -1: they are closed */
	uint32_t created;    /* it exists and has not been reaped */
	uint64_t words[4];   /* for a call that the coordinator makes in it */
};
struct stages_place *stages_place(const struct restore *rs, const struct rtask *rt);
/* Where words[] of @rt are in its own address space, as long as its restorer is mapped. */
uint64_t stages_words_at(const struct restore *rs, const struct rtask *rt);

/* Shared memory for the stages and the places of all tasks. Before the first fork. */
int stages_new(struct restore *rs);
void stages_free(struct restore *rs);

/* The bytes that stages_move() takes; in this process, move the shared memory to @to. -errno, silently. */
size_t stages_room(const struct restore *rs);
int stages_move(struct restore *rs, uint64_t to);

/* Told by its parent, or by itself, once @rt exists: only these are killed and reaped on failure. */
void stages_mark_created(struct restore *rs, const struct rtask *rt);
void stages_mark_reaped(struct restore *rs, const struct rtask *rt);
bool stages_is_created(const struct restore *rs, const struct rtask *rt);

/* In a task: arrive at @stage and wait until it is open. 0 or -ECANCELED (silent: another task failed). */
int stage_pass(struct restore *rs, enum stage stage);

/* In a task: @r is why it cannot go on. Hands the first error line of this process to the coordinator. */
void stage_failed(struct restore *rs, const struct rtask *rt, int r);

/*
 * In the coordinator: sleep until every participant has arrived at @stage, which is then the coordinator's
 * to open. -ECANCELED-like -errno when some task has failed or died (the error has been logged).
 */
int stage_collect(struct restore *rs, enum stage stage);
void stage_open(struct restore *rs, enum stage stage);

/*
 * Notice deaths and requests to stop: a process (the coordinator, or a task before the restorer) calls this before its first
 * fork; from then on the unexpected death of one of its children fails the restore. @rt: whose
 * children, NULL for the coordinator, which then also wakes up for what happens to the tasks it traces, and for SIGINT,
 * SIGTERM and SIGHUP: they fail the restore at its next stage.
 * Zombies and helpers may die from STAGE_OPENED on.
 */
int stages_watch(struct restore *rs, const struct rtask *rt);
/* In the coordinator: the signals are as they were. */
void stages_unwatch(void);
