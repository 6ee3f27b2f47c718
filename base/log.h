/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The log: one descriptor, one level, lines of a form that tools grep for
 * (shared by every process forked from this one; a line is one write()).
 *
 * Levels: 0 unconditional messages, 1 errors, 2 + warnings (default), 3 + info and
 * timestamps, 4 + debug. At level 3 and up a line starts with "(SS.UUUUUU) ", the seconds since
 * log_init(). Error lines carry "Error (file:line): ", warnings "Warn  (file:line): ".
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

enum log_level {
	LOG_MSG,
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG,
};

/* Lines go to @fd (kept open by the caller) from now on; @level as above. Starts the clock. */
void log_init(int fd, int level);

/* Lines carry "PID: " after the timestamp from now on (0: none); for forked workers. */
void log_set_pid(int pid);

int log_fd(void);
/* The log goes to @fd from now on; clock, level and first error stay. */
void log_set_fd(int fd);
int log_level(void);
/* The monotonic clock of this process has moved by @ns, since it went to another time namespace. */
void log_shift(int64_t ns);
/* The level from now on; for work that is done again if it fails. */
void log_set_level(int level);
bool log_shows(enum log_level level);

/* The first error line since log_init(), without prefix, or "": for RPC answers. */
const char *log_first_error(void);
/* The first error of another process of this run becomes ours, unless we have one. It was written by that process. */
void log_adopt_error(const char *text);

/*
 * Error lines, without prefix and newline, go to @to from now on instead of the log; NULL: no more. For who
 * collects what stands in the way, instead of stopping at it.
 */
typedef void log_error_to(void *arg, const char *text);
void log_divert_errors(log_error_to *to, void *arg);

void log_write(enum log_level level, const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void log_vwrite(enum log_level level, const char *file, int line, const char *fmt, va_list ap);

#define pr_msg(fmt, ...)   log_write(LOG_MSG, __FILE__, __LINE__, fmt, ##__VA_ARGS__)
#define pr_err(fmt, ...)   log_write(LOG_ERROR, __FILE__, __LINE__, fmt, ##__VA_ARGS__)
#define pr_warn(fmt, ...)  log_write(LOG_WARN, __FILE__, __LINE__, fmt, ##__VA_ARGS__)
#define pr_info(fmt, ...)  log_write(LOG_INFO, __FILE__, __LINE__, fmt, ##__VA_ARGS__)
#define pr_debug(fmt, ...) \
	do { \
		if (log_shows(LOG_DEBUG)) \
			log_write(LOG_DEBUG, __FILE__, __LINE__, fmt, ##__VA_ARGS__); \
	} while (0)
