/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an interactive user sees of a long dump or restore: one line on stderr, rewritten in place,
 *
 *	dumping pid 812: 1.2 GiB of 4.0 GiB  30%  1.9 GiB/s
 *
 * and at the end
 *
 *	dumped 12 tasks, 1048576 pages (4.0 GiB), frozen 1.82 s, 1.90 s in all
 *
 * No timer runs. The engine tells how far it is after each batch of pages; a line is written when
 * the run has taken 0.3 s and 0.1 s have passed since the last. Where stderr is not a terminal, or
 * holds a log of each step, no line is ever written; the closing line goes to the log at info level
 * in any case.
 *
 *	struct progress p;
 *	progress_start(&p, "dumping");
 *	progress_task(&p, pid, bytes);		for each task
 *	... progress_at(&p, done) ...
 *	progress_end(&p);			on every way out
 *	progress_summary(&p, &(struct progress_sum){ ... });	after success
 *
 * A forked worker has a copy of its own, and its lines overwrite those of others. The calls of a
 * NULL @p do nothing. One thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct progress {
	const char *verb;
	pid_t pid;
	uint64_t total;			/* bytes of this task */
	struct timespec start;		/* of the run */
	struct timespec task, shown;	/* when this task began; when the last line was written */
	bool terminal;
};

struct progress_sum {
	const char *verb;	/* "dumped", "restored" */
	unsigned int tasks;
	uint64_t pages;
	uint64_t bytes;
	uint64_t frozen_us;	/* 0: not told */
	uint64_t total_us;
};

void progress_start(struct progress *p, const char *verb);

/* The monotonic clock of this process has moved by @ns; see log_shift(). */
void progress_shift(struct progress *p, int64_t ns);

/* The pages of task @pid come next, @bytes of them. */
void progress_task(struct progress *p, pid_t pid, uint64_t bytes);
/* ... and @done bytes of these are through. */
void progress_at(struct progress *p, uint64_t done);

/* Wipe the line, so that what is printed next stands alone. */
void progress_end(struct progress *p);

void progress_summary(const struct progress *p, const struct progress_sum *s);

/* "4.0 GiB", "640 B". Returns @buf. */
const char *progress_bytes(char *buf, size_t size, uint64_t bytes);
