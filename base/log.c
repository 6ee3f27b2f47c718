/* SPDX-License-Identifier: LGPL-2.1-only */
#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The one log of this process: listed in the walls' table of allowed mutable data. */
static struct {
	int fd;
	int level;
	int pid;
	struct timespec start;
	char first_error[256];
	log_error_to *divert;
	void *divert_arg;
} the_log = { .fd = 2, .level = LOG_WARN };

void log_init(int fd, int level)
{
	the_log.fd = fd;
	the_log.level = level;
	the_log.first_error[0] = 0;
	clock_gettime(CLOCK_MONOTONIC, &the_log.start);
}

void log_divert_errors(log_error_to *to, void *arg)
{
	the_log.divert = to;
	the_log.divert_arg = arg;
}

void log_set_pid(int pid)
{
	the_log.pid = pid;
}

int log_fd(void)
{
	return the_log.fd;
}

void log_set_fd(int fd)
{
	the_log.fd = fd;
}

int log_level(void)
{
	return the_log.level;
}

void log_shift(int64_t ns)
{
	const int64_t start = (int64_t)the_log.start.tv_sec * 1000000000 + the_log.start.tv_nsec + ns;

	the_log.start.tv_sec = start / 1000000000;
	the_log.start.tv_nsec = start % 1000000000;
}

void log_set_level(int level)
{
	the_log.level = level;
}

bool log_shows(enum log_level level)
{
	return (int)level <= the_log.level;
}

const char *log_first_error(void)
{
	return the_log.first_error;
}

void log_adopt_error(const char *text)
{
	if (!the_log.first_error[0])
		snprintf(the_log.first_error, sizeof(the_log.first_error), "%s", text);
}

static size_t put_prefix(char *buf, size_t size, enum log_level level, const char *file, int line)
{
	size_t n = 0;

	if (level == LOG_MSG)
		return 0;

	if (the_log.level >= LOG_INFO) {
		struct timespec now;
		long us;

		clock_gettime(CLOCK_MONOTONIC, &now);
		us = (now.tv_sec - the_log.start.tv_sec) * 1000000 +
		     (now.tv_nsec - the_log.start.tv_nsec) / 1000;
		n += snprintf(buf + n, size - n, "(%02ld.%06ld) ", us / 1000000, us % 1000000);
	}
	if (the_log.pid)
		n += snprintf(buf + n, size - n, "%6d: ", the_log.pid);
	if (level == LOG_ERROR)
		n += snprintf(buf + n, size - n, "Error (%s:%d): ", file, line);
	if (level == LOG_WARN)
		n += snprintf(buf + n, size - n, "Warn  (%s:%d): ", file, line);
	return n;
}

void log_vwrite(enum log_level level, const char *file, int line, const char *fmt, va_list ap)
{
	char buf[4096];
	size_t start, n;
	int r;

	if (!log_shows(level) && !(level == LOG_ERROR && the_log.divert))
		return;

	if (level == LOG_ERROR && the_log.divert) {
		vsnprintf(buf, sizeof(buf), fmt, ap);
		buf[strcspn(buf, "\n")] = 0;
		the_log.divert(the_log.divert_arg, buf);
		return;
	}

	start = put_prefix(buf, sizeof(buf), level, file, line);
	r = vsnprintf(buf + start, sizeof(buf) - start - 1, fmt, ap);
	if (r < 0)
		return;
	n = start + (size_t)r;
	if (n > sizeof(buf) - 2)
		n = sizeof(buf) - 2;

	if (level == LOG_ERROR && !the_log.first_error[0])
		snprintf(the_log.first_error, sizeof(the_log.first_error), "%s", buf + start);

	if (level != LOG_MSG && (n == 0 || buf[n - 1] != '\n'))
		buf[n++] = '\n';

	/* A full disk must not fail what we are logging about. */
	if (write(the_log.fd, buf, n) < 0)
		return;
}

void log_write(enum log_level level, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(level, file, line, fmt, ap);
	va_end(ap);
}
