// SPDX-License-Identifier: GPL-2.0-only
/*
 * F_SETOWN_EX, F_SETSIG and O_ASYNC: who is told when a file is ready, and how.
 * The kernel sends with the user ids of the task that called F_SETOWN, so they are kept too.
 * Not kept: an owner that is neither in the tree nor in the images.
 */
#include "criu/fd/fown.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/fd/kind.h"
#include "criu/fd/rfiles.h"
#include "criu/image/fault.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"

#ifndef F_GETOWNER_UIDS /* libc leaves it to linux/fcntl.h, which cannot stand beside fcntl.h */
#define F_GETOWNER_UIDS 17
#endif

pid_t vpid_of(const struct dump *d, pid_t pid)
{
	struct task *t;

	dump_for_each_task (t, d) {
		if (t->pid == pid)
			return t->vpid;
	}
	return pid;
}

int fown_dump(struct dump *d, const struct fd_info *fi, FownEntry *fown)
{
	struct f_owner_ex own = { 0 };
	uid_t uids[2] = { 0, 0 };
	int r;

	/* With O_PATH fcntl() gives EBADF, and nothing of that can have been set; a survey has no descriptor of it. */
	if (fi->flags & O_PATH || d->survey)
		return 0;

	r = neg_errno(fcntl(fi->fd, F_GETSIG));
	if (r < 0)
		return err_fd(fi, r, "read the signal of its owner");
	fown->signum = r;

	r = neg_errno(fcntl(fi->fd, F_GETOWN_EX, &own));
	if (r < 0)
		return err_fd(fi, r, "read its owner");
	if (!own.pid)
		return 0;

	/* F_GETOWNER_UIDS came with CONFIG_CHECKPOINT_RESTORE in Linux 3.7. */
	r = neg_errno(fcntl(fi->fd, F_GETOWNER_UIDS, uids));
	if (r < 0)
		return err_fd(fi, r, "read the user ids of its owner");

	fown->pid = own.pid; /* as we see it; fd_check() makes it what the tree sees */
	fown->pid_type = own.type;
	fown->uid = uids[0];
	fown->euid = uids[1];
	return 0;
}

/* --- restore ---------------------------------------------------------------------------------- */

/* Is there such a task, thread or group in the images? What is not belonged to the world outside. */
static bool is_ours(const struct restore *rs, const FownEntry *fown)
{
	for (size_t i = 0; i < rs->n_tasks; i++) {
		const struct rtask *rt = rs->tasks[i];

		if (fown->pid_type == F_OWNER_PGRP ? rt->pgid == (pid_t)fown->pid : rt->pid == (pid_t)fown->pid)
			return true;
		for (size_t j = 0; fown->pid_type == F_OWNER_TID && j < rt->n_threads; j++) {
			if (rt->threads[j].tid == (pid_t)fown->pid)
				return true;
		}
	}
	return false;
}

/*
 * The kernel takes the ids from the caller, so be that user for a moment. The saved id stays, and
 * lets us come back; the permitted capabilities stay because not all three ids leave root.
 */
static int set_owner_as(int fd, const struct f_owner_ex *own, uid_t uid, uid_t euid)
{
	uid_t ruid, eff, saved;
	int r;

	if (getresuid(&ruid, &eff, &saved) < 0)
		return -errno;
	if (uid == ruid && euid == eff)
		return neg_errno(fcntl(fd, F_SETOWN_EX, own));

	/* The system calls, not libc's: those would change all threads by signals. */
	r = neg_errno((int)syscall(SYS_setresuid, uid, euid, -1));
	if (r < 0)
		return r;
	r = neg_errno(fcntl(fd, F_SETOWN_EX, own));
	if (syscall(SYS_setresuid, ruid, eff, saved) < 0)
		return -errno;
	return r;
}

static const FownEntry *fown_of(const struct rfile *rf)
{
	const char *msg = *(char *const *)((const char *)rf->fe + rf->kind->message);

	return rf->kind->fown ? *(FownEntry *const *)(msg + rf->kind->fown) : NULL;
}

/* A thread that does not exist before the restorer makes it. */
static bool is_thread(const struct restore *rs, const FownEntry *fown)
{
	for (size_t i = 0; fown->pid && fown->pid_type == F_OWNER_TID && i < rs->n_tasks; i++) {
		if (rs->tasks[i]->pid == (pid_t)fown->pid)
			return false;
	}
	return fown->pid && fown->pid_type == F_OWNER_TID;
}

static int set_owner(const struct rfile *rf, const FownEntry *fown, int fd)
{
	struct f_owner_ex own = { .type = fown->pid_type, .pid = fown->pid };
	int r;

	r = fault_at(FAULT_RESTORE_FD_OWNER);
	if (r < 0)
		return r;
	r = set_owner_as(fd, &own, fown->uid, fown->euid);
	return r < 0 ? err_rfile(rf, r, "set its owner to %u, user %u", fown->pid, fown->uid) : 0;
}

int fown_restore(struct restore *rs, const struct rfile *rf, int fd)
{
	const char *msg = *(char *const *)((const char *)rf->fe + rf->kind->message);
	const FownEntry *fown = fown_of(rf);
	uint32_t flags;
	int r = 0;

	if (!fown)
		return 0;
	flags = *(const uint32_t *)(msg + rf->kind->flags);
	if (flags & O_PATH)
		return 0;

	if (fown->signum) {
		r = neg_errno(fcntl(fd, F_SETSIG, fown->signum));
		if (r < 0)
			return err_rfile(rf, r, "set the signal %u of its owner", fown->signum);
	}
	if (fown->pid && !is_ours(rs, fown))
		pr_warn("file %u: its owner %u is not in the images, it gets no signals\n", rf->fe->id, fown->pid);
	else if (fown->pid && !is_thread(rs, fown))
		r = set_owner(rf, fown, fd);
	if (r < 0)
		return r;

	/* For most, O_ASYNC in open() sets a flag without effect: the owner must be known, and fcntl() asked. */
	if (flags & O_ASYNC) {
		r = neg_errno(fcntl(fd, F_GETFL));
		if (r >= 0)
			r = neg_errno(fcntl(fd, F_SETFL, r | O_ASYNC));
		if (r < 0)
			return err_rfile(rf, r, "set O_ASYNC");
	}
	return 0;
}

/* Any task's number of @rf. */
static int find_number(const struct restore *rs, const struct rfile *rf, pid_t *ret_pid)
{
	for (size_t i = 0; i < rs->n_tasks; i++) {
		const struct rtask *rt = rs->tasks[i];

		for (size_t j = 0; rt->files && j < rt->files->table->n; j++) {
			if (rt->files->table->fds[j].file == rf) {
				*ret_pid = rt->pid;
				return rt->files->table->fds[j].number;
			}
		}
	}
	return -ENOENT;
}

static int set_thread_owner(struct restore *rs, const struct rfile *rf, const FownEntry *fown)
{
	autofd int pidfd = -1, fd = -1;
	pid_t pid;
	int n = find_number(rs, rf, &pid);

	if (n < 0)
		return 0;
	pidfd = neg_errno((int)syscall(SYS_pidfd_open, pid, 0));
	fd = pidfd < 0 ? pidfd : neg_errno((int)syscall(SYS_pidfd_getfd, pidfd, n, 0));
	return fd < 0 ? err_rfile(rf, fd, "reach it at descriptor %d of pid %d", n, pid) : set_owner(rf, fown, fd);
}

int fd_restore_threads(struct restore *rs)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < rs->files->n; i++) {
		const struct rfile *rf = &rs->files->files[i];
		const FownEntry *fown = fown_of(rf);

		if (fown && is_thread(rs, fown) && is_ours(rs, fown))
			r = set_thread_owner(rs, rf, fown);
	}
	return r;
}
