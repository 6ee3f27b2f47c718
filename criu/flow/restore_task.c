/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a new process while it still is criu's: memory, children, session and group, files;
 * then it goes into the restorer. Zombies and helpers end here.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "arch/arch.h"
#include "jump.h"
#include "base/err.h"
#include "base/log.h"
#include "criu/fd/fd.h"
#include "criu/flow/lifeline.h"
#include "criu/image/fault.h"
#include "criu/image/options.h"
#include "criu/mem/mem.h"
#include "criu/ns/time.h"
#include "criu/task/parts_restore.h"
#include "criu/task/restore.h"
#include "criu/task/stages.h"
#include "criu/flow/restore_tree.h"
#include "proto/core.pb-c.h"

/* A ^C is the coordinator's to handle, and no signal is delivered before the task is complete. */
static void block_signals(bool deaths)
{
	sigset_t mask;

	sigfillset(&mask);
	if (!deaths)
		sigdelset(&mask, SIGCHLD);
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
}

static int fork_some(struct restore *rs, struct rtask *rt, bool early)
{
	struct rtask *child;
	int r;

	list_for_each (child, &rt->forks, fork_link) {
		if (child->early != early)
			continue;
		r = task_fork(rs, child);
		if (r < 0)
			return r;
	}
	return 0;
}

static int lead_session(const struct rtask *rt)
{
	if (rt->sid != rt->pid || getsid(0) == rt->pid)
		return 0;
	return setsid() < 0 ? err_task(rt->pid, -errno, "make it lead a session") : 0;
}

static int lead_group(const struct rtask *rt)
{
	if (!rt->leads || getpgrp() == rt->pid)
		return 0;
	return setpgid(0, 0) < 0 ? err_task(rt->pid, -errno, "make it lead a process group") : 0;
}

static int join_group(const struct rtask *rt)
{
	int r = fault_at(FAULT_RESTORE_GROUP);

	if (r < 0 || getpgrp() == rt->pgid)
		return r;
	return setpgid(0, rt->pgid) < 0 ? err_task(rt->pid, -errno, "put it in process group %d", rt->pgid) : 0;
}

/* The coordinator has put the start there. */
static void count_forking_time(struct restore *rs)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	rs->stats->forking_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000 - rs->stats->forking_us;
}

/* Make all processes below, in the sessions where they belong. */
static int build_family(struct restore *rs, struct rtask *rt)
{
	int r = 0;

	if (rt->adopts && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return err_task(rt->pid, -errno, "make it a child subreaper");
	r = fork_some(rs, rt, true);
	if (!r)
		r = lead_session(rt);
	if (!r)
		r = fd_restore_lead_session(rs, rt);
	if (!r)
		r = lead_group(rt);
	if (!r)
		r = fork_some(rs, rt, false);
	if (!r)
		r = stage_pass(rs, STAGE_FORKED);
	if (!r && !rt->parent)
		count_forking_time(rs);
	/* Who leads a group that it has left itself stays until the others have come. */
	if (!r && !rt->leads)
		r = join_group(rt);
	return r;
}

/* The dead that @rt has forked: helpers are reaped, zombies stay. */
static int bury_children(struct restore *rs, struct rtask *rt)
{
	struct rtask *child;

	list_for_each (child, &rt->forks, fork_link) {
		siginfo_t si = { .si_pid = 0 };

		if (rtask_is_live(child))
			continue;
		while (waitid(P_PID, (id_t)child->pid, &si, WEXITED | __WALL | WNOWAIT) < 0)
			if (errno != EINTR)
				return err_task(child->pid, -errno, "wait for its end");
		if (!child->helper)
			continue;
		/* From now on the pid may be anybody's. */
		stages_mark_reaped(rs, child);
		(void)waitpid(child->pid, NULL, __WALL);
	}
	return 0;
}

/* --- the dead --------------------------------------------------------------------------------------------- */

static __attribute__((noreturn)) void die_by(int sig)
{
	sigset_t none;

	/* A second core file of the same death helps nobody. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	sigemptyset(&none);
	(void)kill(getpid(), sig);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	abort(); /* a signal that ends nobody: tree_check() has refused it */
}

/* @status is a wait status word. */
static __attribute__((noreturn)) void die_with(int status)
{
	if (WIFSIGNALED(status))
		die_by(WTERMSIG(status));
	_exit(WEXITSTATUS(status));
}

static int live_and_die(struct restore *rs, struct rtask *rt)
{
	int r = build_family(rs, rt);

	if (!r)
		r = stage_pass(rs, STAGE_OPENED);
	if (!r && rt->leads)
		r = join_group(rt);
	if (!r)
		r = bury_children(rs, rt);
	if (r < 0)
		return r;
	if (rt->helper)
		_exit(0);
	(void)setrlimit(RLIMIT_NOFILE, &rs->old_nofile);
	(void)prctl(PR_SET_NAME, rt->core->tc->comm, 0, 0, 0);
	die_with((int)rt->core->tc->exit_code);
}

/* --- the living ------------------------------------------------------------------------------------------- */

static int restore_files(struct restore *rs, struct rtask *rt)
{
	int r = fault_at(FAULT_RESTORE_FILES);

	if (!r)
		r = fd_restore_own(rs, rt);
	if (!r)
		r = stage_pass(rs, STAGE_OPENED);
	if (!r && rt->leads)
		r = join_group(rt);
	if (!r)
		r = fd_restore_take(rs, rt);
	if (!r)
		r = stage_pass(rs, STAGE_TAKEN);
	if (!r)
		r = fd_restore_finish(rs, rt);
	return r;
}


static int live(struct restore *rs, struct rtask *rt, struct restorer_start *ret_start)
{
	int r = limits_restore_proc(rs, rt);

	if (!r)
		r = fault_at(FAULT_RESTORE_MEM);
	if (!r)
		r = mem_restore_place(rs, rt);
	if (!r)
		r = build_family(rs, rt);
	if (!r)
		r = restore_files(rs, rt);
	if (!r)
		r = bury_children(rs, rt);
	if (!r)
		r = restorer_build(rs, rt, ret_start);
	/* Last: with another root, neither /proc nor the path of the executable need be there. */
	if (!r)
		r = fd_restore_fs(rs, rt);
	if (r < 0)
		return r;
	/* The coordinator traces us from STAGE_READY on: now it is the one to notice deaths. */
	block_signals(true);
	return stage_pass(rs, STAGE_READY);
}

/* What criu inherited, say an ignored SIGHUP of nohup, is not the tree's; children get it from the root. */
static void reset_dispositions(void)
{
	int sig;

	for (sig = 1; sig < _NSIG; sig++)
		if (sig != SIGCHLD && sig != SIGKILL && sig != SIGSTOP)
			(void)signal(sig, SIG_DFL);
}

static bool has_own_log(const struct options *o)
{
	return o->log_pid && o->log_file && strcmp(o->log_file, "-");
}

/*
 * --log-pid: what this task has to say goes to LOG_FILE.PID in the work directory. Like the common log it stands above
 * the floors of all tasks, until the restorer closes it.
 */
static int open_own_log(const struct restore *rs, const struct rtask *rt)
{
	const struct options *o = rs->opt;
	char name[PATH_MAX];
	int fd, high, old = log_fd();

	if (snprintf(name, sizeof(name), "%s.%d", o->log_file, rt->pid) >= (int)sizeof(name))
		return err_path(o->log_file, -ENAMETOOLONG, "open a log for each task");

	fd = neg_errno(openat(o->work_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
	if (fd < 0)
		return err_path(name, fd, "open this task's log");
	high = neg_errno(fcntl(fd, F_DUPFD_CLOEXEC, fd_restore_top(rs)));
	close(fd);
	if (high < 0)
		return err_path(name, high, "move this task's log to a descriptor from %d on", fd_restore_top(rs));

	log_set_fd(high);
	close(old);
	return 0;
}

void task_restore_run(struct restore *rs, struct rtask *rt)
{
	struct restorer_start start;
	int r;

	log_set_pid(rt->pid);
	if (!rt->parent) {
		block_signals(false);
		reset_dispositions();
	}
	r = lifeline_hold(rs, rt);
	if (!r)
		r = has_own_log(rs->opt) ? open_own_log(rs, rt) : 0;
	if (!r)
		r = stages_watch(rs, rt);
	if (!r && !rt->parent)
		r = time_enter(rs);
	if (!r)
		r = rtask_is_live(rt) ? live(rs, rt, &start) : live_and_die(rs, rt);
	if (r < 0) {
		stage_failed(rs, rt, r);
		_exit(1);
	}
	arch_jump(start.entry, start.stack, (uint64_t)(uintptr_t)start.args);
}
