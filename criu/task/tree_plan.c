/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who forks whom.
 *
 * A process is born in its forker's session and can only leave it by leading a new one. So
 *  - one that belongs to its parent's session is forked late, after the parent's setsid();
 *  - one that belongs to the session its parent had before is forked early, and the parent
 *    must itself be born in that session;
 *  - any other one was orphaned in its life and adopted (by a subreaper, or init). It is forked
 *    in its session by somebody who dies before the end - the session's dead leader, or a bridge below
 *    a living one - and comes to its parent as orphans do.
 * A leader that no longer exists, of a session or of a group, is stood in for by a helper with its pid.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/image/options.h"
#include "criu/task/pid_table.h"
#include "criu/task/restore.h"
#include "criu/task/tree_restore.h"
#include "proto/core.pb-c.h"

/* The kernel's first pid after a wrap is 300 (RESERVED_PIDS); those below belong to early daemons. */
#define FIRST_HELPER_PID 301

struct plan {
	struct restore *rs;
	struct pid_table pids;
	size_t room;
	pid_t next_helper;
};

static bool leads_session(const struct rtask *rt)
{
	return rt->sid == rt->pid;
}

static bool dies(const struct rtask *rt)
{
	return !rtask_is_live(rt);
}

static int refuse_place(const struct rtask *rt)
{
	return refuse_task(rt->pid, -ENOTSUP, "place it below %d in session %d: no order of forks gives that",
			   rt->parent ? rt->parent->pid : 0, rt->sid);
}

/* --- --shell-job: the session and group of the root are criu's own ------------------------------------- */

static int check_conflict(const struct plan *p, pid_t pid, const char *what)
{
	if (pid_table_find(&p->pids, pid))
		return refuse_task(pid, -EEXIST, "restore it: our own %s has that number", what);
	return 0;
}

static int map_shell_job(struct plan *p)
{
	struct restore *rs = p->rs;
	const pid_t old_sid = rs->root->sid, old_pgid = rs->root->pgid;
	const bool map_group = old_pgid != rs->root->pid;
	size_t i;
	int r;

	if (leads_session(rs->root))
		return 0;
	if (!rs->opt->shell_job)
		return refuse_task(rs->root->pid, -EINVAL,
				   "restore it: it leads no session of its own; pass --shell-job to put it in this one");
	if (pid_table_find(&p->pids, old_sid))
		return refuse_task(rs->root->pid, -EINVAL, "restore it in session %d, which is led from below it", old_sid);
	r = check_conflict(p, rs->own_sid, "session");
	if (!r && map_group)
		r = check_conflict(p, rs->own_pgid, "process group");

	restore_for_each_task (i, rs) {
		struct rtask *rt = rs->tasks[i];

		if (rt->sid == old_sid)
			rt->sid = rs->own_sid;
		if (map_group && rt->pgid == old_pgid)
			rt->pgid = rs->own_pgid;
	}
	return r;
}

/* --- helpers ------------------------------------------------------------------------------------------ */

static int add_helper(struct plan *p, pid_t pid, pid_t pgid, pid_t sid, struct rtask *forker, struct rtask **ret_rt)
{
	struct restore *rs = p->rs;
	struct rtask *rt = arena_obj(rs->arena, struct rtask);

	if (!rt)
		return err_any(-ENOMEM, "plan a helper");
	if (rs->n_tasks == p->room) {
		struct rtask **more = arena_array(rs->arena, p->room * 2, sizeof(*more));
		size_t i;

		if (!more)
			return err_any(-ENOMEM, "plan a helper");
		restore_for_each_task (i, rs)
			more[i] = rs->tasks[i];
		rs->tasks = more;
		p->room *= 2;
	}
	rt->index = rs->n_tasks;
	rt->pid = pid;
	rt->pgid = pgid;
	rt->sid = sid;
	rt->helper = true;
	rt->state = TASK_DEAD;
	rt->parent = rt->forker = forker;
	rt->born_sid = sid == pid ? 0 : sid;
	list_init(&rt->children);
	list_init(&rt->siblings);
	list_init(&rt->forks);
	list_init(&rt->fork_link);
	rs->tasks[rs->n_tasks++] = rt;
	pr_debug("pid %d: a helper below %d, group %d, session %d\n", pid, forker->pid, pgid, sid);
	*ret_rt = rt;
	return pid_table_add(&p->pids, pid, rt);
}

/* A pid that neither the images nor this host use. */
static pid_t free_pid(struct plan *p)
{
	while (pid_table_find(&p->pids, p->next_helper) || !kill(p->next_helper, 0) || errno != ESRCH)
		p->next_helper++;
	return p->next_helper++;
}

/*
 * Have @rt forked in its session by one that dies, so that its parent adopts it.
 */
static int plan_adoption(struct plan *p, struct rtask *rt, pid_t sid)
{
	struct rtask *leader = pid_table_process(&p->pids, sid);
	int r;

	if (!leader) {
		r = add_helper(p, sid, sid, sid, rt->parent, &leader);
		if (r < 0)
			return r;
	} else if (!leads_session(leader)) {
		return refuse_place(rt);
	}
	if (!dies(leader)) {
		r = add_helper(p, free_pid(p), leader->pgid, sid, leader, &leader);
		if (r < 0)
			return r;
		leader->any_pid = true;
	}
	rt->forker = leader;
	rt->parent->adopts = true;
	return 0;
}

/* --- sessions ----------------------------------------------------------------------------------------- */

/* Can @parent be born in session @sid, and so fork early children into it? */
static bool may_be_born_in(const struct plan *p, const struct rtask *parent, pid_t sid)
{
	if (!leads_session(parent))
		return false; /* it stays where it is born, and that is not @sid */
	if (!parent->parent)
		return p->rs->opt->shell_job && sid == p->rs->own_sid;
	return !parent->born_sid || parent->born_sid == sid;
}

static int plan_session(struct plan *p, struct rtask *rt)
{
	if (!leads_session(rt))
		rt->born_sid = rt->sid;
	if (!rt->parent || !rt->born_sid || rt->born_sid == rt->parent->sid)
		return 0;
	if (may_be_born_in(p, rt->parent, rt->born_sid)) {
		rt->parent->born_sid = rt->born_sid;
		rt->early = true;
		return 0;
	}
	return plan_adoption(p, rt, rt->born_sid);
}

static int plan_sessions(struct plan *p, size_t n_image_tasks)
{
	size_t i;
	int r;

	/* Children before parents: what they need decides where the parent must be born. */
	for (i = n_image_tasks; i-- > 0;) {
		r = plan_session(p, p->rs->tasks[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Where an orphan of @rt will go: to the nearest subreaper above. */
static const struct rtask *heir_of(const struct rtask *rt)
{
	for (rt = rt->forker; rt && !rt->adopts; rt = rt->forker)
		;
	return rt;
}

static int check_adoptions(const struct plan *p)
{
	size_t i;

	restore_for_each_task (i, p->rs) {
		const struct rtask *rt = p->rs->tasks[i];

		if (rt->forker == rt->parent)
			continue;
		if (heir_of(rt->forker) != rt->parent)
			return refuse_place(rt);
		if (rt->ids && rt->ids->files_id == rt->parent->ids->files_id)
			return refuse_task(rt->pid, -ENOTSUP, "share a file table with %d, which has adopted it",
					   rt->parent->pid);
	}
	return 0;
}

/* --- process groups ----------------------------------------------------------------------------------- */

/* Who can fork a helper into the session of @rt: a living one in it, itself first. */
static struct rtask *living_in_session(const struct plan *p, struct rtask *rt)
{
	struct rtask *at;
	size_t i;

	for (at = rt; at; at = at->parent)
		if (!dies(at) && at->sid == rt->sid)
			return at;
	restore_for_each_task (i, p->rs)
		if (!dies(p->rs->tasks[i]) && p->rs->tasks[i]->sid == rt->sid)
			return p->rs->tasks[i];
	/* All of the session are dead: its leader forks it, and its parent gets to see nothing of that. */
	return pid_table_process(&p->pids, rt->sid);
}

static int plan_group(struct plan *p, struct rtask *rt)
{
	struct rtask *leader = pid_table_process(&p->pids, rt->pgid), *forker;

	if (p->rs->opt->shell_job && rt->pgid == p->rs->own_pgid)
		return 0;
	if (!leader) {
		if (pid_table_find(&p->pids, rt->pgid))
			return refuse_task(rt->pid, -EINVAL, "put it in group %d: that is a thread", rt->pgid);
		forker = living_in_session(p, rt);
		if (!forker)
			return refuse_task(rt->pid, -ENOTSUP, "put it in group %d: nobody in its session can make it",
					   rt->pgid);
		if (add_helper(p, rt->pgid, rt->pgid, rt->sid, forker, &leader) < 0)
			return -ENOMEM;
	}
	if (leader->sid != rt->sid)
		return refuse_task(rt->pid, -EINVAL, "put it in group %d: that is in session %d, not %d", rt->pgid,
				   leader->sid, rt->sid);
	leader->leads = true;
	return 0;
}

static int plan_groups(struct plan *p)
{
	size_t i;
	int r;

	restore_for_each_task (i, p->rs) {
		r = plan_group(p, p->rs->tasks[i]);
		if (r < 0)
			return r;
	}
	restore_for_each_task (i, p->rs) {
		const struct rtask *rt = p->rs->tasks[i];

		if (leads_session(rt) && rt->pgid != rt->pid)
			return refuse_task(rt->pid, -EINVAL, "lead session %d from group %d", rt->sid, rt->pgid);
	}
	return 0;
}

/* --- the order ---------------------------------------------------------------------------------------- */

static void link_forks(struct restore *rs)
{
	size_t i;

	restore_for_each_task (i, rs) {
		struct rtask *rt = rs->tasks[i];

		if (rt->forker)
			list_add_tail(&rt->fork_link, &rt->forker->forks);
	}
}

static int plan_init(struct plan *p, struct restore *rs)
{
	size_t i, k;
	int r = pid_table_init(&p->pids, rs->arena);

	p->rs = rs;
	p->room = rs->n_tasks;
	p->next_helper = FIRST_HELPER_PID;
	rs->own_sid = getsid(0);
	rs->own_pgid = getpgrp();
	restore_for_each_task (i, rs) {
		struct rtask *rt = rs->tasks[i];

		rt->forker = rt->parent;
		list_init(&rt->forks);
		list_init(&rt->fork_link);
		for (k = 0; !r && k < rt->n_threads; k++)
			r = pid_table_add(&p->pids, rt->threads[k].tid, rt);
	}
	return r < 0 ? err_any(r, "plan the tree") : 0;
}

int tree_plan(struct restore *rs)
{
	struct plan p;
	int r = plan_init(&p, rs);

	if (!r)
		r = map_shell_job(&p);
	if (!r)
		r = plan_sessions(&p, rs->n_tasks);
	if (!r)
		r = plan_groups(&p);
	if (!r)
		r = check_adoptions(&p);
	if (!r)
		link_forks(rs);
	return r;
}

/* --- the pids ------------------------------------------------------------------------------------------ */

#define PID_MAX_FILE "/proc/sys/kernel/pid_max"

static int raise_pid_max(pid_t highest)
{
	autofree char *text = NULL;
	autofd int fd = -1;
	char now[16];
	int r = io_slurp_at(AT_FDCWD, PID_MAX_FILE, &text, NULL);

	if (r < 0)
		return err_path(PID_MAX_FILE, r, "read it");
	if (highest < atoi(text))
		return 0;
	fd = neg_errno(open(PID_MAX_FILE, O_WRONLY | O_CLOEXEC));
	snprintf(now, sizeof(now), "%d", highest + 1);
	r = fd < 0 ? fd : io_write(fd, now, strlen(now));
	return r < 0 ? err_path(PID_MAX_FILE, r, "raise it to %s for pid %d", now, highest) : 0;
}

int tree_check_pid(pid_t pid)
{
	if (kill(pid, 0) < 0 && errno == ESRCH)
		return 0;
	return err_task(pid, -EEXIST, "create it%s", "; that pid is taken here, restore in a new pid namespace");
}

int tree_each_pid(const struct restore *rs, int (*call)(void *arg, pid_t pid, const struct rtask *rt), void *arg)
{
	size_t i, k;
	int r = 0;

	restore_for_each_task (i, rs) {
		const struct rtask *rt = rs->tasks[i];

		r = call(arg, rt->pid, rt);
		for (k = 1; !r && k < rt->n_threads; k++)
			r = call(arg, rt->threads[k].tid, rt);
		if (r < 0)
			return r;
	}
	return r;
}

static int check_and_note(void *highest, pid_t pid, const struct rtask *rt)
{
	pid_t *h = highest;

	*h = pid > *h ? pid : *h;
	return tree_check_pid(pid);
}

int tree_check_pids(struct restore *rs)
{
	pid_t highest = 0;
	int r = tree_each_pid(rs, check_and_note, &highest);

	/* The default of small machines; nobody has less. */
	return r < 0 || highest < 32768 ? r : raise_pid_max(highest);
}
