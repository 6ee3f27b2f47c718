/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * For the writers of probes (kerndat, each .c); nobody else includes this.
 *
 * A probe answers for one row, or by row->arg and row->path for many. It leaves nothing behind
 * and does not wait. What touches process state or may hang or die asks in a child
 * (kd_in_child). It asks the kernel and never its version.
 */
#pragma once

#include <stddef.h>

#include "kerndat/kerndat.h"

#define PROBE(name) struct kd_answer name(struct kerndat *kd, const struct kd_feature *row)

struct kd_answer kd_yes(void);
struct kd_answer kd_yes_value(uint64_t value);
struct kd_answer kd_no(void);
/* A no with its errno: @r as 5 or -5. */
struct kd_answer kd_no_err(int r);
struct kd_answer kd_no_why(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
struct kd_answer kd_cannot_tell(int r);
struct kd_answer kd_cannot_tell_why(int r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A call that exists or not: >= 0 yes, -ENOSYS no, everything else cannot tell. */
struct kd_answer kd_by_enosys(long r);

/*
 * A call made with an argument that the kernel refuses, if it knows the call, with @known, and
 * with -EINVAL or -ENOSYS if it does not.
 */
struct kd_answer kd_by_refusal(long r, int known);

/*
 * Run @fn in a child of its own and take its answer; one that crashed, hung or was killed is a
 * cannot tell that says so. @fn must not allocate (we may be one of many threads). In a lab
 * (lab.c) we are in a child already, and @fn is just called.
 */
struct kd_answer kd_in_child(struct kerndat *kd, struct kd_answer (*fn)(void *arg), void *arg);

/*
 * The same with a tracee to look at: stopped, seized, with a seccomp filter that allows all. It
 * is gone afterwards.
 */
struct kd_answer kd_on_tracee(struct kerndat *kd, struct kd_answer (*fn)(int tid, void *arg), void *arg);

/* Give ourselves a seccomp filter that allows all. 0 or -errno. */
int kd_allow_all(void);

/* Read a small file into @buf, NUL-terminated; length or -errno. */
int kd_read_file(const char *path, char *buf, size_t size);

/*
 * An entry of the auxiliary vector as the kernel made it: libc's getauxval() answers for AT_HWCAP with words of its own on
 * x86. 1, 0 if there is none, or -errno.
 */
int kd_auxv(unsigned long type, unsigned long *ret_value);

/* A file of any length, for children, which may not allocate: a mapping that ends with them. */
int kd_read_big(const char *path, char **ret_text);
