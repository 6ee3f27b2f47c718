/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A throw-away child that answers through a pipe: child.c asks one question in it, lab.c many.
 * It has no core dump, ends with us and raises no SIGCHLD.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "kerndat/kerndat.h"

/* No probe waits for anything: this only bounds what should not be. */
#define KD_BOUND_SECONDS 5

struct kd_child {
	pid_t pid;
	int in;
	struct timespec end;
};

/* Run @fn in a child; it writes to @out. @fn must not allocate: we may be one of many threads. */
int kd_child_start(struct kd_child *c, void (*fn)(void *arg, int out), void *arg);

/* 0, -ENODATA if the child ended without so much, -ETIME. */
int kd_child_read(struct kd_child *c, void *buf, size_t size);

/* Kill it if it still is, and reap it: its wait status. */
int kd_child_end(struct kd_child *c);

/* What came through a pipe from a child that may have gone mad. */
bool kd_answer_is_sane(struct kd_answer *a);
