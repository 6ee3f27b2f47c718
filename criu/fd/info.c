// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/PID/fdinfo/N: position, flags and mount of any open file, then lines of its kind:
 *
 *	pos:	0
 *	flags:	02004002		octal; O_CLOEXEC is the descriptor's
 *	mnt_id:	15
 *	ino:	1057			since Linux 5.14
 *	eventfd-count: 2a
 */
#include "criu/fd/info.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/task/dump.h"

const char *fd_info_name(const struct fd_info *fi, char buf[512])
{
	if (fi->number >= 0)
		snprintf(buf, 512, "pid %d fd %d (%s)", fi->task->pid, fi->number, fi->link);
	else
		snprintf(buf, 512, "pid %d %s (%s)", fi->task->pid, fi->at, fi->link);
	return buf;
}

static const char *next_line(const char *text, const char *line, const char *key)
{
	size_t n = strlen(key);
	const char *p = line ? strchr(line, '\n') : text;

	if (line && p)
		p++;
	while (p && *p) {
		if (!strncmp(p, key, n) && p[n] == ':')
			return p + n + 1;
		p = strchr(p, '\n');
		if (p)
			p++;
	}
	return NULL;
}

const char *fdinfo_next(const struct fd_info *fi, const char *line, const char *key)
{
	return next_line(fi->text, line, key);
}

static int text_get(const char *text, const char *key, int base, uint64_t *ret_value)
{
	const char *p = next_line(text, NULL, key);
	char *end;
	uint64_t v;

	if (!p)
		return -ENODATA;
	while (*p == ' ' || *p == '\t')
		p++;
	errno = 0;
	v = strtoull(p, &end, base);
	if (errno || end == p)
		return -EINVAL;

	*ret_value = v;
	return 0;
}

int fdinfo_get(const struct fd_info *fi, const char *key, int base, uint64_t *ret_value)
{
	return text_get(fi->text, key, base, ret_value);
}

int fdinfo_read(const struct task *t, int n, struct fdinfo_head *ret_head, char **ret_text)
{
	autofree char *text = NULL;
	uint64_t pos, flags, mnt = 0;
	char path[32];
	int r;

	snprintf(path, sizeof(path), "fdinfo/%d", n);
	r = io_slurp_at(t->proc, path, &text, NULL);
	if (r >= 0)
		r = text_get(text, "pos", 0, &pos);
	if (r >= 0)
		r = text_get(text, "flags", 8, &flags);
	if (r < 0)
		return err_task(t->pid, r, "read %s", path);
	(void)text_get(text, "mnt_id", 10, &mnt); /* 0 then: no --external file[] will fit */

	*ret_head = (struct fdinfo_head){ .pos = pos, .flags = flags, .mnt_id = mnt };
	*ret_text = take_ptr(text);
	return 0;
}

int link_read(struct arena *a, const struct task *t, const char *at, const char **ret_text)
{
	char text[PATH_MAX + 16]; /* " (deleted)" may follow a longest path */
	ssize_t n = neg_errno(readlinkat(t->proc, at, text, sizeof(text) - 1));

	if (n < 0)
		return err_task(t->pid, n, "read its link %s", at);
	if ((size_t)n == sizeof(text) - 1)
		return err_task(t->pid, -ENAMETOOLONG, "read its link %s", at);
	text[n] = 0;

	*ret_text = arena_strdup(a, text);
	return *ret_text ? 0 : -ENOMEM;
}
