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
 * Run @fn in a child of its own and take its answer. The child dies within a second at most;
 * one that crashed, hung or was killed is a cannot tell that says so. The child has no core
 * dump, ends with us, and raises no SIGCHLD. @fn must not allocate (we may be one of many
 * threads). @clone_flags: CLONE_NEW… for a child in fresh namespaces (0: none); a refused clone
 * is a cannot tell with its errno.
 */
struct kd_answer kd_in_child(struct kd_answer (*fn)(void *arg), void *arg, unsigned long clone_flags);

/*
 * The same with a stopped task to look at: a tracee is made, runs @prepare (NULL: nothing; an
 * error from it is a cannot tell), stops, and @fn looks at @tid as its tracer. Both are gone
 * afterwards.
 */
struct kd_answer kd_on_tracee(int (*prepare)(void), struct kd_answer (*fn)(int tid, void *arg), void *arg);

/* Read a small file into @buf, NUL-terminated; length or -errno. */
int kd_read_file(const char *path, char *buf, size_t size);
