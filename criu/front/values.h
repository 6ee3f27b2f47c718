/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of options: text in, number or struct out. All are strict: the whole text must be used up.
 * They return 0 or -errno (-EINVAL: not of that form, -ERANGE: too large) and log nothing; the
 * caller knows the option's name. Text is kept by reference or copied, never changed.
 */
#pragma once

#include <stdint.h>

#include "criu/image/options.h"

/* Decimal digits only: no sign, no blanks, no 0x. */
int value_number(const char *s, uint64_t max, uint64_t *ret);

/* A number with K, M or G (1024 based) behind it, or none for bytes. */
int value_size(const char *s, uint64_t *ret);

/*
 * What -v and --verbosity mean for a level of @now: NULL is one more, "vv" is three more, "4" is 4.
 * Levels end at debug.
 */
int value_verbosity(const char *s, int now, int *ret);

/* "fpu,ins", "all,^cpu", "none"; NULL or "" is all. A list that opens with ^ subtracts from the default. */
int value_cpu_cap(const char *s, unsigned int *ret);

/* "type[id]" or "type[id]:value", type in lower case letters. */
int value_external(const char *s, struct opt_external *ret);

/* "fd[N]:KEY". Does not look whether N is open. */
int value_inherit_fd(const char *s, struct opt_inherit *ret);

/* "NS:PID", "NS:/path", for user also ",UID,GID" behind it. -ENOTSUP for pid, which nobody can join. */
int value_join_ns(const char *s, struct opt_join_ns *ret);

/* "/path" or "controller:/path". */
int value_cgroup_root(const char *s, struct opt_cgroup_root *ret);

/* "soft"; NULL is soft. */
int value_cgroup_mode(const char *s, enum cgroup_mode *ret);

/* Put one more at the end. -ENOMEM. */
int list_append(struct opt_list *l, const char *s);
/* The same for every part of @s between commas; empty parts are -EINVAL. */
int list_append_split(struct opt_list *l, const char *s);
