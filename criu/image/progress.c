/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/image/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#define SILENT_US 300000	/* nobody needs a line about less */
#define REDRAW_US 100000

static uint64_t us_since(const struct timespec *t, const struct timespec *now)
{
	return (now->tv_sec - t->tv_sec) * 1000000 + (now->tv_nsec - t->tv_nsec) / 1000;
}

const char *progress_bytes(char *buf, size_t size, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double n = bytes;
	size_t u = 0;

	while (n >= 1024 && u + 1 < sizeof(units) / sizeof(units[0])) {
		n /= 1024;
		u++;
	}
	snprintf(buf, size, u ? "%.1f %s" : "%.0f %s", n, units[u]);
	return buf;
}

/* One write, so that lines of others are not torn; nothing depends on it. */
static void show(const char *text, size_t n)
{
	if (write(STDERR_FILENO, text, n) < 0)
		return;
}

static void draw(const struct progress *p, uint64_t done, const struct timespec *now)
{
	char line[160], bytes[32], total[32], rate[32];
	uint64_t us = us_since(&p->task, now);
	int n;

	n = snprintf(line, sizeof(line), "\r%s pid %d: %s of %s  %d%%  %s/s\033[K", p->verb, p->pid,
		     progress_bytes(bytes, sizeof(bytes), done),
		     progress_bytes(total, sizeof(total), p->total),
		     (int)(done >= p->total ? 100 : done * 100.0 / p->total),
		     progress_bytes(rate, sizeof(rate), us ? done * 1e6 / us : 0));
	show(line, n);
}

void progress_start(struct progress *p, const char *verb)
{
	*p = (struct progress){ .verb = verb };
	p->terminal = isatty(STDERR_FILENO) && (log_fd() != STDERR_FILENO || !log_shows(LOG_INFO));
	clock_gettime(CLOCK_MONOTONIC, &p->start);
	p->task = p->shown = p->start;
}

static void shift(struct timespec *ts, int64_t ns)
{
	const int64_t t = (int64_t)ts->tv_sec * 1000000000 + ts->tv_nsec + ns;

	ts->tv_sec = t / 1000000000;
	ts->tv_nsec = t % 1000000000;
}

void progress_shift(struct progress *p, int64_t ns)
{
	shift(&p->start, ns);
	shift(&p->shown, ns);
}

void progress_task(struct progress *p, pid_t pid, uint64_t bytes)
{
	if (!p || !p->terminal)
		return;
	p->pid = pid;
	p->total = bytes;
	clock_gettime(CLOCK_MONOTONIC, &p->task);
}

void progress_at(struct progress *p, uint64_t done)
{
	struct timespec now;

	if (!p || !p->terminal)
		return;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (us_since(&p->start, &now) < SILENT_US || us_since(&p->shown, &now) < REDRAW_US)
		return;
	draw(p, done, &now);
	p->shown = now;
}

/* Workers may have written where we have not: we cannot know, and a wipe too many is not seen. */
void progress_end(struct progress *p)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (p->terminal && us_since(&p->start, &now) >= SILENT_US)
		show("\r\033[K", strlen("\r\033[K"));
}

static void format_time(char *buf, size_t size, uint64_t us)
{
	if (us < 1000000)
		snprintf(buf, size, "%.1f ms", us / 1000.0);
	else
		snprintf(buf, size, "%.2f s", us / 1000000.0);
}

void progress_summary(const struct progress *p, const struct progress_sum *s)
{
	char text[256], bytes[32], total[32], frozen[32] = "", frozen_text[64] = "";
	int n;

	format_time(total, sizeof(total), s->total_us);
	if (s->frozen_us) {
		format_time(frozen, sizeof(frozen), s->frozen_us);
		snprintf(frozen_text, sizeof(frozen_text), " frozen %s,", frozen);
	}
	n = snprintf(text, sizeof(text), "%s %u task%s, %" PRIu64 " page%s (%s),%s %s in all\n", s->verb,
		     s->tasks, s->tasks == 1 ? "" : "s", s->pages, s->pages == 1 ? "" : "s",
		     progress_bytes(bytes, sizeof(bytes), s->bytes), frozen_text, total);

	if (p->terminal)
		show(text, n);
	pr_info("%.*s", n - 1, text);
}
