/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading what /proc and fcntl say about an open file. */
#pragma once

#include <stdint.h>

#include "criu/fd/kind.h"

struct arena;

/* The head of /proc/PID/fdinfo/N: cheap, and enough for a description that is known already. */
struct fdinfo_head {
	uint64_t pos;
	uint32_t flags; /* with O_CLOEXEC, which is the descriptor's */
	int mnt_id;
};

/* Read fdinfo of descriptor @n of @t; *@ret_text is to be freed. */
int fdinfo_read(const struct task *t, int n, struct fdinfo_head *ret_head, char **ret_text);

/* The text of the magic link @at of @t, in @a. */
int link_read(struct arena *a, const struct task *t, const char *at, const char **ret_text);
