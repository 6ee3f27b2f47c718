/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shape of the tree: who is whose parent, sessions and process groups (pstree.img).
 * A session or group whose leader has died comes back with a helper in the leader's place. One whose
 * leader lives outside of the tree cannot: the root's own is mapped to the restorer's with
 * --shell-job, any other is refused.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "proto/pstree.pb-c.h"

static int compare_pids(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

/* Is @vpid somebody who lives, but not in the tree? */
static bool lives_outside(const pid_t *vpids, size_t n, pid_t vpid)
{
	if (bsearch(&vpid, vpids, n, sizeof(*vpids), compare_pids))
		return false;
	return kill(vpid, 0) == 0 || errno == EPERM;
}

static int check_task(const struct dump *d, const struct task *t, const pid_t *vpids, size_t n)
{
	const struct task *root = d->root;

	/* A survey may not look at it. */
	if (!t->look || !root->look)
		return 0;
	if (t->vsid == 0)
		return block_task(d, SESSION, t->pid, -ENOTSUP, "dump a task whose session is outside of its pid namespace");
	if (t->vpgid == 0)
		return block_task(d, GROUP, t->pid, -ENOTSUP, "dump a task whose process group is outside of its pid namespace");

	if (t == root) {
		if (root->vsid != root->vpid && !d->opt->shell_job)
			return block_task(d, SHELL_JOB, t->pid, -EINVAL,
					  "dump a tree whose root is not a session leader (its session is %d); "
					  "pass --shell-job if it is a job of your shell, or start it with setsid",
					  t->vsid);
		return 0;
	}
	if (t->vsid != root->vsid && lives_outside(vpids, n, t->vsid))
		return block_task(d, SESSION, t->pid, -ENOTSUP, "dump a task of session %d, whose leader is not in the tree", t->vsid);
	if (t->vpgid != root->vpgid && lives_outside(vpids, n, t->vpgid))
		return block_task(d, GROUP, t->pid, -ENOTSUP, "dump a task of process group %d, whose leader is not in the tree",
				  t->vpgid);
	return 0;
}

int pstree_check(struct dump *d)
{
	autofree pid_t *vpids = calloc(d->n_tasks, sizeof(*vpids));
	struct task *t;
	size_t n = 0;
	int r = 0;

	if (!vpids)
		return -ENOMEM;
	dump_for_each_task(t, d)
		vpids[n++] = t->vpid;
	qsort(vpids, n, sizeof(*vpids), compare_pids);

	dump_for_each_task(t, d) {
		r = survey_pass(d->survey, check_task(d, t, vpids, n), t->pid, "its session");
		if (r < 0)
			break;
	}
	return r;
}

static int write_task(struct dump *d, struct image *img, const struct task *t)
{
	PstreeEntry m = PSTREE_ENTRY__INIT;
	autofree uint32_t *threads = NULL;

	m.pid = (uint32_t)t->vpid;
	m.ppid = t->parent ? (uint32_t)t->parent->vpid : 0;
	m.pgid = (uint32_t)t->vpgid;
	m.sid = (uint32_t)t->vsid;

	/* A zombie has one thread, and its number is 0. */
	m.n_threads = t->state == TASK_DEAD ? 1 : t->look->n_threads;
	m.threads = threads = calloc(m.n_threads, sizeof(*threads));
	if (!threads)
		return -ENOMEM;
	for (size_t i = 0; t->state != TASK_DEAD && i < m.n_threads; i++)
		threads[i] = (uint32_t)t->look->threads[i].vtid;

	return image_write(img, &m.base);
}

int pstree_write(struct dump *d)
{
	autoimage struct image *img = NULL;
	struct task *t;
	int r = fault_at(FAULT_DUMP_PSTREE);

	if (r < 0)
		return r;
	r = image_create(d->images, IMG_PSTREE, 0, &img);
	if (r < 0)
		return r;
	dump_for_each_task(t, d) {
		r = write_task(d, img, t);
		if (r < 0)
			return r;
	}
	return image_close(take_ptr(img));
}
