/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * One idiom for errors: a function that can fail returns 0 (or a count, or a descriptor) or
 * -errno. An error is logged once, by the function that knows the object.
 *
 * The helpers write "OBJECT: cannot WHAT: ERRNO" and return the error they were given, so that
 * a call site reads
 *
 *	if (r < 0)
 *		return err_task(pid, r, "read its memory map");
 *
 * What helps the user follows a semicolon inside the text ("...; pass --shell-job").
 */
#pragma once

#include <errno.h>
#include <sys/types.h>

/* "EACCES" for 13; "errno 4711" style text for numbers without a name. Never NULL. */
const char *errno_name(int err);

/* The result of a libc call that returns -1 and sets errno, as a result or -errno. */
#define neg_errno(call)                              \
	({                                           \
		__typeof__(call) err_r_ = (call);    \
		err_r_ == (__typeof__(call))-1 ? (__typeof__(call))-errno : err_r_; \
	})

/*
 * @r is a negative errno; every helper logs at error level and returns @r.
 * err_task: "pid 40: cannot create it: EEXIST"
 * err_path: "/run/x: cannot open it: ENOENT"
 * err_any:  "cannot mount a tmpfs: EPERM", for what has no object of its own.
 */
#define err_task(pid, r, ...)	 err_task_at(__FILE__, __LINE__, pid, r, __VA_ARGS__)
#define err_path(path, r, ...)	 err_object_at(__FILE__, __LINE__, path, r, __VA_ARGS__)
#define err_any(r, ...)		 err_object_at(__FILE__, __LINE__, "", r, __VA_ARGS__)

/*
 * A refusal: nothing failed, we will not do it. Logs "OBJECT: cannot WHAT" without an errno
 * and returns @r, usually -ENOTSUP or -EINVAL.
 * refuse_task: "pid 812: cannot dump a System V segment outside an ipc namespace; ..."
 */
#define refuse_task(pid, r, ...)  refuse_task_at(__FILE__, __LINE__, pid, r, __VA_ARGS__)
#define refuse_path(path, r, ...) refuse_object_at(__FILE__, __LINE__, path, r, __VA_ARGS__)
#define refuse_any(r, ...)	  refuse_object_at(__FILE__, __LINE__, "", r, __VA_ARGS__)

/* What the macros call; rooms with objects of their own build their helpers on err_object_at. */
int err_task_at(const char *file, int line, pid_t pid, int r, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
int err_object_at(const char *file, int line, const char *object, int r, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
int refuse_task_at(const char *file, int line, pid_t pid, int r, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
int refuse_object_at(const char *file, int line, const char *object, int r, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
