/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stages of a restore: barriers in shared memory that also carry failure. One freestanding
 * source for both worlds: criu's own processes (criu/task/stages.h) and the restorer blob.
 *
 * Every participant of a stage arrives once and waits until the stage is open. A stage opens when
 * the last one has arrived; the stages at which the coordinator acts (STAGE_READY and later) are
 * opened by it. Who fails tells the first error in words and opens the failed state: everybody who waits
 * or arrives from then on gets -ECANCELED and leaves. Nobody looks at a clock.
 */
#pragma once

#include <errno.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stdint.h>

#include "arch/sys.h"

enum stage {
	STAGE_START,	/* open from the beginning */
	STAGE_FORKED,	/* every process exists; sessions and the groups' leaders are there */
	STAGE_OPENED,	/* every open file description is made and published by its owner */
	STAGE_TAKEN,	/* every descriptor is in its place */
	STAGE_READY,	/* no more help is needed from libc; the coordinator now traces every process */
	STAGE_THREADS,	/* every thread exists; the coordinator traces these, too */
	STAGE_STANDING, /* everything but registers and signal masks is restored */
	STAGES_NR,
};

#define STAGE_FAILED 0x7fffffffu

/* The first error, for the coordinator to tell. */
struct stages_error {
	uint32_t taken;	  /* 0; 1: somebody writes it; 2: complete */
	int32_t pid, tid; /* tid: 0 or a thread that is not the leader */
	int32_t err;	  /* -errno */
	char what[240];	  /* "set its rlimits": follows "cannot"; or a whole line when @is_line */
	uint32_t is_line;
};

struct stages {
	uint32_t open;		    /* futex: the highest stage that is open, or STAGE_FAILED */
	uint32_t events;	    /* futex: the coordinator has something to look at */
	uint32_t n[STAGES_NR];	    /* participants; const after the first fork */
	uint32_t left[STAGES_NR];   /* of these not yet arrived */
	uint32_t pid_lock;	    /* futex: from writing ns_last_pid to clone; see stages_lock() */
	struct stages_error error;
};

/* Wake all that sleep on @word, in any process. */
static inline void stages_wake(uint32_t *word)
{
	(void)sys_futex(word, FUTEX_WAKE, 0x7fffffff, NULL);
}

/* The coordinator has something to look at. Async-signal safe. */
static inline void stages_event(struct stages *s)
{
	__atomic_fetch_add(&s->events, 1, __ATOMIC_SEQ_CST);
	stages_wake(&s->events);
}

static inline bool stages_failed(const struct stages *s)
{
	return __atomic_load_n(&s->open, __ATOMIC_ACQUIRE) == STAGE_FAILED;
}

/* Who opens @stage: the last to arrive, or the coordinator? */
static inline bool stage_is_coordinators(unsigned int stage)
{
	return stage >= STAGE_READY;
}

/* Open @stage, and those after it in which nobody takes part. */
static inline void stages_open(struct stages *s, unsigned int stage)
{
	uint32_t seen = __atomic_load_n(&s->open, __ATOMIC_ACQUIRE);

	while (stage + 1 < STAGES_NR && !stage_is_coordinators(stage + 1) && !s->n[stage + 1])
		stage++;
	/* A failure that came in between stays. */
	while (seen != STAGE_FAILED && seen < stage)
		if (__atomic_compare_exchange_n(&s->open, &seen, stage, false, __ATOMIC_ACQ_REL,
						__ATOMIC_ACQUIRE))
			break;
	stages_wake(&s->open);
}

/* Failed: everybody leaves. Tell the error first (stages_tell()). */
static inline void stages_fail(struct stages *s)
{
	__atomic_store_n(&s->open, STAGE_FAILED, __ATOMIC_SEQ_CST);
	stages_wake(&s->open);
	stages_event(s);
}

/* Note the first error of all; false when there is one already. */
static inline bool stages_tell(struct stages *s, int pid, int tid, int err, const char *what, bool is_line)
{
	uint32_t none = 0;
	unsigned int i;

	if (!__atomic_compare_exchange_n(&s->error.taken, &none, 1, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		return false;
	s->error.pid = pid;
	s->error.tid = tid;
	s->error.err = err;
	s->error.is_line = is_line;
	for (i = 0; what[i] && i < sizeof(s->error.what) - 1; i++)
		s->error.what[i] = what[i];
	s->error.what[i] = '\0';
	__atomic_store_n(&s->error.taken, 2, __ATOMIC_RELEASE);
	return true;
}

static inline void stages_arrive(struct stages *s, unsigned int stage)
{
	if (__atomic_sub_fetch(&s->left[stage], 1, __ATOMIC_ACQ_REL))
		return;
	if (stage_is_coordinators(stage))
		stages_event(s);
	else
		stages_open(s, stage);
}

/* Sleep until @stage is open. 0, or -ECANCELED when the restore has failed. */
static inline int stages_wait(struct stages *s, unsigned int stage)
{
	uint32_t open;

	while ((open = __atomic_load_n(&s->open, __ATOMIC_ACQUIRE)) < stage)
		(void)sys_futex(&s->open, FUTEX_WAIT, open, NULL);
	return open == STAGE_FAILED ? -ECANCELED : 0;
}

static inline int stages_pass(struct stages *s, unsigned int stage)
{
	stages_arrive(s, stage);
	return stages_wait(s, stage);
}

/*
 * The lock around giving a pid by way of ns_last_pid: one at a time in the whole tree. Who dies
 * holding it leaves it locked; the coordinator notices the death and fails the restore, and a
 * waiter is killed like everybody.
 */
static inline void stages_lock(struct stages *s)
{
	uint32_t none = 0;

	if (__atomic_compare_exchange_n(&s->pid_lock, &none, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&s->pid_lock, 2, __ATOMIC_ACQUIRE))
		(void)sys_futex(&s->pid_lock, FUTEX_WAIT, 2, NULL);
}

static inline void stages_unlock(struct stages *s)
{
	if (__atomic_exchange_n(&s->pid_lock, 0, __ATOMIC_RELEASE) == 2)
		stages_wake(&s->pid_lock);
}
