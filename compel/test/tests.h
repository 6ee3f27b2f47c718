/* SPDX-License-Identifier: LGPL-2.1-only */
/* What the tests share: each returns 0 or SKIP, or ends by a failed ok(). */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#include "compel/test/board.h"

#define SKIP 77

#define ok(cond)                                                                                    \
	do {                                                                                        \
		if (!(cond)) {                                                                      \
			printf("# %s:%d: failed: %s (errno %d)\n", __FILE__, __LINE__, #cond, errno); \
			fflush(stdout);                                                             \
			_exit(1);                                                                   \
		}                                                                                   \
	} while (0)

struct subject {
	pid_t pid;
	struct victim_board *board;
};

/* The victim program in @mode, past its start. */
struct subject start(const char *mode, const char *n);
void ok_lives(const struct subject *s);
/* Beats of clock @i go on. */
void ok_beats(const struct subject *s, int i);
void finish(const struct subject *s);
struct victim;
/* victim_seize(); SIGALRM ends its waits. */
int seize(pid_t pid, struct victim **ret_victim);

int test_thread_image(void);
int test_hostile_image(void);
int test_vdso(void);
int test_vdso_jump(void);
int test_sigframe(void);
