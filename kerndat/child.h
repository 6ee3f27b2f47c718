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

/* It has said all and ends by itself, in its own time: the pid that is to be reaped some day. */
pid_t kd_child_leave(struct kd_child *c);

/* Kill it if it still is, and reap it: its wait status. No pid, no wait. */
int kd_child_reap(pid_t pid);

/* Both at once. */
int kd_child_end(struct kd_child *c);

/* What came through a pipe from a child that may have gone mad. */
bool kd_answer_is_sane(struct kd_answer *a);
