/* SPDX-License-Identifier: LGPL-2.1-only */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

const char *errno_name(int err)
{
	const char *name = strerrorname_np(err < 0 ? -err : err);

	return name ? name : "unknown error";
}

/* One line "OBJECT: cannot WHAT: ERRNO"; the advice after a semicolon stays at the end. */
static void say(const char *file, int line, const char *object, int r, const char *fmt, va_list ap)
{
	char what[1024], *advice;

	vsnprintf(what, sizeof(what), fmt, ap);
	advice = strchr(what, ';');
	if (advice)
		*advice++ = 0;

	log_write(LOG_ERROR, file, line, "%s%scannot %s%s%s%s%s", object, *object ? ": " : "",
		  what, r ? ": " : "", r ? errno_name(r) : "", advice ? ";" : "",
		  advice ? advice : "");
}

int err_task_at(const char *file, int line, pid_t pid, int r, const char *fmt, ...)
{
	char object[32];
	va_list ap;

	snprintf(object, sizeof(object), "pid %d", pid);
	va_start(ap, fmt);
	say(file, line, object, r, fmt, ap);
	va_end(ap);
	return r;
}

int err_object_at(const char *file, int line, const char *object, int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(file, line, object, r, fmt, ap);
	va_end(ap);
	return r;
}

int refuse_task_at(const char *file, int line, pid_t pid, int r, const char *fmt, ...)
{
	char object[32];
	va_list ap;

	snprintf(object, sizeof(object), "pid %d", pid);
	va_start(ap, fmt);
	say(file, line, object, 0, fmt, ap);
	va_end(ap);
	return r;
}

int refuse_object_at(const char *file, int line, const char *object, int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(file, line, object, 0, fmt, ap);
	va_end(ap);
	return r;
}
