/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/tree_look.h"

#include <sys/resource.h>

#include "base/err.h"
#include "base/log.h"
#include "criu/fd/fd.h"
#include "criu/image/blocker.h"
#include "criu/mem/mem.h"
#include "criu/task/cgroup.h"
#include "criu/task/dump.h"
#include "criu/task/interrupt.h"
#include "criu/task/look.h"
#include "criu/task/lsm.h"

/* A big tree needs a few descriptors a task; what the hard limit allows is there to be used. */
static void raise_descriptor_limit(void)
{
	struct rlimit rl;

	if (!getrlimit(RLIMIT_NOFILE, &rl) && rl.rlim_cur < rl.rlim_max) {
		rl.rlim_cur = rl.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &rl); /* a small tree may fit all the same */
	}
}

int tree_look_begin(struct dump *d)
{
	int r;

	list_init(&d->tasks);
	raise_descriptor_limit();
	d->lsm = lsm_kind();
	r = ids_begin(d);
	if (r == 0)
		r = cgroup_begin(d);
	if (r == 0)
		r = fd_dump_begin(d);
	return r;
}

int tree_each_task(struct dump *d, int (*step)(struct dump *d, struct task *t))
{
	struct task *t;

	dump_for_each_task(t, d) {
		int r = interrupt_pending(&d->interrupt);

		if (r < 0)
			return err_any(r, "go on: asked to stop");
		r = step(d, t);
		if (r < 0)
			return r;
	}
	return 0;
}

static int look(struct dump *d, struct task *t)
{
	int r = look_outside(d, t);

	if (r < 0 || t->state == TASK_DEAD)
		return survey_pass(d->survey, r, t->pid, "its state");
	pr_debug("pid %d (%s): its files and memory\n", t->pid, t->stat.comm);
	r = survey_pass(d->survey, fd_collect(d, t), t->pid, "its files");
	return r < 0 ? r : survey_pass(d->survey, mem_collect(d, t), t->pid, "its memory");
}

int tree_look(struct dump *d)
{
	int r = tree_each_task(d, look);

	if (r == 0)
		r = pstree_check(d);
	return r == 0 ? fd_check(d) : r;
}
