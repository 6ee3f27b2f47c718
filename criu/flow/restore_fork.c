/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process with a chosen pid. Two ways: clone3(2) takes the pid (Linux 5.5, 49cb2fc42ce4); before, the
 * next pid follows from the last one, which /proc/sys/kernel/ns_last_pid sets, and somebody
 * else's fork may come in between: then the wrong pid is seen, and refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/image/fault.h"
#include "criu/image/options.h"
#include "criu/task/restore.h"
#include "criu/task/stages.h"
#include "criu/flow/restore_tree.h"
#include "kerndat/kerndat.h"

#define LAST_PID "/proc/sys/kernel/ns_last_pid"

/* Like fork(2), with @args. */
static pid_t call_clone3(struct clone_args *args)
{
	return (pid_t)neg_errno(syscall(SYS_clone3, args, sizeof(*args)));
}

static pid_t clone_by_set_tid(struct clone_args *args, pid_t pid)
{
	args->set_tid = (uint64_t)(uintptr_t)&pid;
	args->set_tid_size = 1;
	return call_clone3(args);
}

/* In the child: the parent gave us up. */
static void leave_wrong_pid(struct restore *rs, const struct rtask *rt)
{
	if (getpid() != rt->pid)
		_exit(1);
}

static pid_t clone_by_last_pid(struct restore *rs, const struct rtask *rt, struct clone_args *args)
{
	autofd int fd = neg_errno(open(LAST_PID, O_WRONLY | O_CLOEXEC));
	char text[16];
	pid_t pid;
	int r;

	if (fd < 0)
		return fd;
	snprintf(text, sizeof(text), "%d", rt->pid - 1);
	stages_lock(rs->stages);
	r = io_write(fd, text, strlen(text));
	/* clone(2): kernels without set_tid may be without clone3, too. */
	pid = r < 0 ? r : (pid_t)neg_errno(syscall(SYS_clone, args->flags | args->exit_signal, 0, 0, 0, 0));
	if (!pid) {
		leave_wrong_pid(rs, rt);
		return 0;
	}
	stages_unlock(rs->stages);
	if (pid > 0 && pid != rt->pid) {
		(void)waitpid(pid, NULL, __WALL);
		return -EEXIST;
	}
	return pid;
}

static pid_t clone_task(struct restore *rs, const struct rtask *rt)
{
	struct clone_args args = { .exit_signal = rt->helper ? 0 : SIGCHLD };

	if (fd_restore_shares_table(rt))
		args.flags |= CLONE_FILES;
	if (!rt->parent && rs->opt->restore_sibling) {
		/* The exit signal comes with the parent. */
		args.flags |= CLONE_PARENT;
		args.exit_signal = 0;
	}
	switch (kerndat_way(rs->kd, WAY_TASK_PID)) {
	case BY_CLONE3:
		return clone_by_set_tid(&args, rt->pid);
	case BY_LAST_PID:
		return clone_by_last_pid(rs, rt, &args);
	default:
		return -EOPNOTSUPP;
	}
}

static const char *what_helps(int r)
{
	switch (r) {
	case -EEXIST:
		return "; that pid is taken here, restore in a new pid namespace";
	case -EPERM:
		return "; choosing a pid needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE";
	case -EAGAIN:
		return "; a limit on the number of tasks is reached";
	case -EOPNOTSUPP:
		return "; this kernel has no way to choose a pid, see criu check";
	default:
		return "";
	}
}

int task_fork(struct restore *rs, struct rtask *rt)
{
	pid_t pid;
	int r = fault_at(FAULT_RESTORE_FORK);

	if (!r && rt->parent && fd_restore_shares_table(rt))
		r = fd_restore_reserve(rs, rt->parent);
	if (r < 0)
		return r;
	pid = clone_task(rs, rt);
	if (pid < 0)
		return err_task(rt->pid, pid, "create it%s", what_helps(pid));
	if (!pid) {
		stages_mark_created(rs, rt);
		task_restore_run(rs, rt);
	}
	stages_mark_created(rs, rt);
	return 0;
}
