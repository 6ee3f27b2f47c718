/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/task/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"

int cgroup_begin(struct dump *d)
{
	autofree char *text = NULL;
	int r = io_slurp_at(AT_FDCWD, "/proc/self/cgroup", &text, NULL);

	if (r < 0 && r != -ENOENT)
		return err_path("/proc/self/cgroup", r, "read it");
	d->cgroups = arena_obj(d->arena, struct dump_cgroups);
	if (!d->cgroups)
		return -ENOMEM;
	d->cgroups->own = arena_strdup(d->arena, text ? text : "");
	return d->cgroups->own ? 0 : -ENOMEM;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct cg_member *)a)->name, ((const struct cg_member *)b)->name);
}

/* Lines "NUMBER:NAMES:PATH"; no name of a cgroup holds a newline. */
static int parse_set(struct dump *d, struct cg_set *set)
{
	char *text = arena_strdup(d->arena, set->text), *save = NULL;
	size_t n = 0;

	for (const char *p = set->text; *p; p++)
		n += *p == '\n';
	set->members = arena_array(d->arena, n ? n : 1, sizeof(*set->members));
	if (!text || !set->members)
		return -ENOMEM;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *name = strchr(line, ':'), *path = name ? strchr(name + 1, ':') : NULL;

		if (!path || path[1] != '/' || set->n_members == n)
			return -EBADMSG;
		*path++ = 0;
		/* Outside of the root of our cgroup namespace. */
		if (!strncmp(path, "/..", 3))
			return -EXDEV;
		set->members[set->n_members++] = (struct cg_member){ name + 1, path };
	}
	qsort(set->members, set->n_members, sizeof(*set->members), by_name);
	return 0;
}

static int find_set(struct dump *d, const char *text, uint32_t *ret_id)
{
	struct cg_set **p;
	uint32_t id = 1;
	int r;

	if (!strcmp(text, d->cgroups->own)) {
		*ret_id = id;
		return 0;
	}
	for (p = &d->cgroups->sets; *p; p = &(*p)->next) {
		id = (*p)->id;
		if (!strcmp(text, (*p)->text)) {
			*ret_id = id;
			return 0;
		}
	}

	*p = arena_obj(d->arena, struct cg_set);
	if (!*p)
		return -ENOMEM;
	(*p)->id = id + 1;
	(*p)->text = arena_strdup(d->arena, text);
	r = (*p)->text ? parse_set(d, *p) : -ENOMEM;
	*ret_id = (*p)->id;
	return r;
}

static int look_at_thread(struct dump *d, struct task *t, struct thread_look *th)
{
	char path[64], text[16384];
	int r;

	snprintf(path, sizeof(path), "task/%d/cgroup", th->tid);
	r = proc_read_text(t->proc, path, text, sizeof(text) - 1);
	if (r == -ENOENT && !*d->cgroups->own)
		return 0; /* a kernel without cgroups */
	if (r > 0) {
		text[r] = '\n';
		text[r + 1] = 0;
	}
	if (r >= 0)
		r = find_set(d, text, &th->cg_set);
	if (r == -EXDEV)
		return block_task(d, CGROUP, th->tid, r, "dump a task whose cgroup is outside of criu's cgroup namespace");
	return r < 0 ? err_task(th->tid, r, "read its cgroups") : 0;
}

int cgroup_look(struct dump *d, struct task *t)
{
	struct thread_look *th = t->look->threads;
	size_t n = t->look->n_threads;
	int r = fault_at(FAULT_DUMP_CGROUP);

	for (size_t i = 0; r == 0 && i < n; i++)
		if (!th[i].is_dead)
			r = look_at_thread(d, t, &th[i]);
	/* Only the leader can be dead; then there are others. */
	if (th[0].is_dead && n > 1)
		th[0].cg_set = th[1].cg_set;
	return r;
}
