/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/image/blocker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/proc.h"

static const struct blocker_info infos[BLOCKER_NR] = {
#define BLOCKER(id, code, when, what, helps, option, needs) [BLOCKER_##id] = { code, when, what, helps, option, needs },
#include "criu/image/blockers.h"
#undef BLOCKER
};

const struct blocker_info *blocker_info(enum blocker b)
{
	return &infos[b];
}

void survey_init(struct survey *s, struct arena *a)
{
	*s = (struct survey){ .arena = a };
	list_init(&s->found);
}

static const char *copy(struct survey *s, const char *text)
{
	return text ? arena_strdup(s->arena, text) : NULL;
}

/* The advice behind a semicolon is kept apart; what has none has the table's. */
static int note(struct survey *s, enum blocker b, const struct block_object *o, const char *text)
{
	struct blocked *f = arena_obj(s->arena, struct blocked);
	const char *cut = strchr(text, ';');
	size_t n = cut ? (size_t)(cut - text) : strlen(text);

	if (!f)
		return -ENOMEM;
	f->what = b;
	f->object = (struct block_object){ o->pid, o->fd, copy(s, o->at), copy(s, o->path) };
	f->text = arena_printf(s->arena, "%.*s", (int)n, text);
	f->helps = cut ? copy(s, cut + 1 + strspn(cut + 1, " ")) : infos[b].helps;
	if (!f->text || !f->helps || (o->at && !f->object.at) || (o->path && !f->object.path))
		return -ENOMEM;
	list_add_tail(&f->all, &s->found);
	s->n_stops += infos[b].when != WARNS;
	s->n_warns += infos[b].when == WARNS;
	return SURVEY_NOTED;
}

static void name_object(const struct block_object *o, char *buf, size_t size)
{
	if (o->fd >= 0)
		snprintf(buf, size, "pid %d fd %d (%s)", o->pid, o->fd, o->path ? o->path : "");
	else if (o->at)
		snprintf(buf, size, "pid %d %s (%s)", o->pid, o->at, o->path ? o->path : "");
	else
		snprintf(buf, size, "pid %d", o->pid);
}

int block_object_at(const char *file, int line, struct survey *s, enum blocker b, const struct block_object *o, int r,
		    const char *fmt, ...)
{
	char text[1024], name[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (s)
		return note(s, b, o, text);
	name_object(o, name, sizeof(name));
	return refuse_object_at(file, line, name, r, "%s [%s]", text, infos[b].code);
}

void block_warn_at(const char *file, int line, struct survey *s, enum blocker b, const struct block_object *o,
		   const char *fmt, ...)
{
	char text[1024], name[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (s) {
		(void)note(s, b, o, text); /* without memory a warning is lost; what follows will fail */
		return;
	}
	name_object(o, name, sizeof(name));
	log_write(LOG_WARN, file, line, "%s: %s [%s]", name, text, infos[b].code);
}

/* Or on the way there: without memory and files, but not yet a zombie. */
#define PF_EXITING 0x4

static bool is_dead(pid_t pid)
{
	struct proc_stat st;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	return proc_read_stat(AT_FDCWD, path, &st) < 0 || st.state == 'Z' || st.state == 'X' || st.flags & PF_EXITING;
}

int survey_pass(struct survey *s, int r, pid_t pid, const char *what)
{
	const struct block_object o = { .pid = pid, .fd = -1 };
	char text[256];

	if (!s || r >= 0 || r == -ENOMEM)
		return r;
	if (r == SURVEY_NOTED)
		return 0;
	if ((r == -ENOENT || r == -ESRCH || r == -EBADF) && (!s->last || is_dead(pid))) {
		s->n_gone++;
		return 0;
	}
	s->n_errors++;
	snprintf(text, sizeof(text), "read %s: %s", what, errno_name(r));
	r = note(s, BLOCKER_UNREADABLE, &o, text);
	return r == SURVEY_NOTED ? 0 : r;
}
