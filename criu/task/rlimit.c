/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Resource limits: 16 pairs a process.
 * Saved: all. Read from /proc/PID/limits, or with prlimit(2): that wants CAP_SYS_RESOURCE for the
 * task of another user, which criu often does not have, and the file tells the same in one read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "kerndat/kerndat.h"
#include "proto/core.pb-c.h"

/* As the kernel calls them in that file. */
static const char *const names[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = "Max cpu time",
	[RLIMIT_FSIZE] = "Max file size",
	[RLIMIT_DATA] = "Max data size",
	[RLIMIT_STACK] = "Max stack size",
	[RLIMIT_CORE] = "Max core file size",
	[RLIMIT_RSS] = "Max resident set",
	[RLIMIT_NPROC] = "Max processes",
	[RLIMIT_NOFILE] = "Max open files",
	[RLIMIT_MEMLOCK] = "Max locked memory",
	[RLIMIT_AS] = "Max address space",
	[RLIMIT_LOCKS] = "Max file locks",
	[RLIMIT_SIGPENDING] = "Max pending signals",
	[RLIMIT_MSGQUEUE] = "Max msgqueue size",
	[RLIMIT_NICE] = "Max nice priority",
	[RLIMIT_RTPRIO] = "Max realtime priority",
	[RLIMIT_RTTIME] = "Max realtime timeout",
};

static bool parse_limit(char **p, rlim64_t *ret_v)
{
	char *end;

	while (**p == ' ')
		++*p;
	if (!strncmp(*p, "unlimited", 9)) {
		*p += 9;
		*ret_v = RLIM64_INFINITY;
		return true;
	}
	*ret_v = strtoull(*p, &end, 10);
	if (end == *p)
		return false;
	*p = end;
	return true;
}

static int read_by_file(const struct task *t, struct task_look *l)
{
	char text[4096];
	int r = proc_read_text(t->proc, "limits", text, sizeof(text));
	if (r < 0)
		return err_task(t->pid, r, "read its resource limits");

	for (size_t i = 0; i < RLIM_NLIMITS; i++) {
		char *p = strstr(text, names[i]);

		if (!p)
			return refuse_task(t->pid, -EBADMSG, "find \"%s\" in its limits file", names[i]);
		p += strlen(names[i]);
		if (!parse_limit(&p, &l->limits[i].rlim_cur) || !parse_limit(&p, &l->limits[i].rlim_max))
			return refuse_task(t->pid, -EBADMSG, "understand \"%s\" in its limits file", names[i]);
	}
	return 0;
}

static int read_by_prlimit(const struct task *t, struct task_look *l)
{
	for (size_t i = 0; i < RLIM_NLIMITS; i++) {
		struct rlimit64 now;

		if (prlimit64(t->pid, (enum __rlimit_resource)i, NULL, &now) < 0)
			return err_task(t->pid, -errno, "read \"%s\" of it; of another user's task that wants CAP_SYS_RESOURCE",
					names[i]);
		l->limits[i].rlim_cur = now.rlim_cur;
		l->limits[i].rlim_max = now.rlim_max;
	}
	return 0;
}

int rlimits_look(struct dump *d, struct task *t)
{
	int r = fault_at(FAULT_DUMP_RLIMITS);

	if (r < 0)
		return r;
	return kerndat_way(d->kd, WAY_TASK_LIMITS) == BY_PRLIMIT ? read_by_prlimit(t, t->look) : read_by_file(t, t->look);
}

int rlimits_to_image(struct arena *a, const struct task_look *l, TaskCoreEntry *tc)
{
	TaskRlimitsEntry *m = image_new(a, TASK_RLIMITS_ENTRY, TaskRlimitsEntry);

	if (!m)
		return -ENOMEM;
	m->rlimits = arena_array(a, RLIM_NLIMITS, sizeof(*m->rlimits));
	if (!m->rlimits)
		return -ENOMEM;

	for (size_t i = 0; i < RLIM_NLIMITS; i++) {
		RlimitEntry *e = image_new(a, RLIMIT_ENTRY, RlimitEntry);

		if (!e)
			return -ENOMEM;
		e->cur = l->limits[i].rlim_cur;
		e->max = l->limits[i].rlim_max;
		m->rlimits[m->n_rlimits++] = e;
	}
	tc->rlimits = m;
	return 0;
}
