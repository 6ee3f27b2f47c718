// SPDX-License-Identifier: GPL-2.0-only
/*
 * Restore of terminals. The masters of pseudo terminals are opened in the coordinator, before the first fork, and all tasks have
 * them by inheritance: a session's leader must make its terminal the controlling one before it forks the members
 * of the session, who get it from there and in no other way.
 */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/fd/rtty.h"
#include "criu/fd/tty.h"
#include "criu/fd/tty_kind.h"
#include "criu/fd/tty_queue.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "proto/core.pb-c.h"
#include "proto/creds.pb-c.h"

/* --- our own terminal --------------------------------------------------------------------------- */

/* The descriptor of criu that is its terminal, or -1. */
static int find_own(const struct restore *rs)
{
	for (int fd = 0; fd <= 2 && rs->opt->shell_job; fd++) {
		if (isatty(fd))
			return fd;
	}
	return -1;
}

static void keep_own(struct restore *rs)
{
	struct rttys *set = rttys_of(rs);
	int fd = set->needs_own ? find_own(rs) : -1;

	/* If there is none, an inherited one may do: choose_outside() tells if not. */
	if (fd >= 0)
		set->own = neg_errno(fcntl(fd, F_DUPFD_CLOEXEC, rs->files->top));
}

static bool is_ptmx(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISCHR(st.st_mode) && st.st_rdev == makedev(AUX_MAJOR, PTMX_MINOR);
}

/* A description of our own of the terminal @fd, or one shared with who gave it. Each open of ptmx is another terminal. */
static int reopen(const struct rfile *rf, int fd)
{
	int r = -ENXIO;
	char self[32];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (!is_ptmx(fd))
		r = neg_errno(open(self, (rf->fe->tty->flags & ~O_ASYNC) | O_NOCTTY | O_CLOEXEC));
	if (r < 0)
		r = neg_errno(fcntl(fd, F_DUPFD_CLOEXEC, 0));
	return r < 0 ? err_rfile(rf, r, "open the terminal") : r;
}

/* --inherit-fd names it so. */
static void outside_key(const TtyInfoEntry *ti, char key[64])
{
	snprintf(key, 64, "tty[%x:%x]", ti->rdev, ti->dev);
}

/* The terminal that stands for one from outside, not to be closed: given by the caller, or our @own (-1: none). */
static int choose_outside(const struct restore *rs, const struct rfile *rf, const TtyInfoEntry *ti, int own)
{
	char key[64];
	int given;

	outside_key(ti, key);
	given = rfile_given(rs, key);
	if (given != -ENOENT || own >= 0)
		return given != -ENOENT ? given : own;
	if (ti->type != TTY_TYPE__EXT_TTY && !rs->opt->shell_job)
		return refuse_rfile(rf, -EINVAL, "make terminal pts/%u: its other side is not in the images; pass --shell-job or --inherit-fd fd[N]:%s",
				    ti->id >> 1, key);
	return refuse_rfile(rf, -EINVAL, "find a terminal for it; pass --inherit-fd fd[N]:%s%s", key,
			    ti->type != TTY_TYPE__EXT_TTY ? ", or start criu in a terminal" : "");
}

static int open_outside(struct restore *rs, struct rfile *rf, const TtyInfoEntry *ti)
{
	int fd = choose_outside(rs, rf, ti, rttys_of(rs)->own);

	return fd < 0 ? fd : reopen(rf, fd);
}

/* --- pseudo terminals --------------------------------------------------------------------------- */

static const char *path_of(const struct restore *rs, const struct rfile *rf)
{
	const struct rfile *reg = rf->fe->tty->has_regf_id ? rfile_find(rs, rf->fe->tty->regf_id) : NULL;

	return reg && reg->fe->type == FD_TYPES__REG ? reg->fe->reg->name : NULL;
}

/* The terminal device @path, by O_PATH: opening another device may do something. */
static int find_node(const char *path, dev_t rdev)
{
	autofd int node = neg_errno(open(path, O_PATH | O_CLOEXEC));
	struct stat st;

	if (node < 0)
		return node;
	if (fstat(node, &st) < 0)
		return -errno;
	return S_ISCHR(st.st_mode) && st.st_rdev == rdev ? take_fd(&node) : -ENXIO;
}

static int open_node(const char *path, int flags, dev_t rdev)
{
	autofd int node = find_node(path, rdev);
	char self[32];

	if (node < 0)
		return node;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", node);
	return neg_errno(open(self, flags | O_NOCTTY | O_CLOEXEC));
}

static dev_t slave_rdev(const struct rpty *p)
{
	return makedev(PTS_MAJOR + p->index / 256, p->index % 256);
}

/* The kernel gives the lowest free number: take all below until ours comes. */
static int open_numbered(const char *ptmx, uint32_t index, int *ret_fd)
{
	int held[PTY_INDEX_MAX + 1], n = 0, fd = -1, got = -1, r = 0;

	while (r >= 0) {
		fd = open_node(ptmx, O_RDWR, makedev(AUX_MAJOR, PTMX_MINOR));
		r = fd < 0 ? fd : neg_errno(ioctl(fd, TIOCGPTN, &got));
		if (r < 0 || (uint32_t)got == index)
			break;
		held[n++] = fd;
		fd = -1;
		if ((uint32_t)got > index || n > PTY_INDEX_MAX)
			r = -EBUSY;
	}
	while (n)
		close(held[--n]);
	if (r < 0) {
		if (fd >= 0)
			close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}

/*
 * The slave's node, without opening it, which the master would see: in the devpts of @ptmx, or in the one
 * mounted on "pts" beside it.
 */
static int open_slave_node(const struct rpty *p, int ptmx)
{
	char self[32], path[PATH_MAX + 16];
	ssize_t n;
	int fd;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", ptmx);
	n = readlink(self, path, PATH_MAX);
	while (n > 0 && path[n - 1] != '/')
		n--;
	if (n <= 0)
		return -ENOENT;
	snprintf(path + n, sizeof(path) - n, "%u", p->index);
	fd = neg_errno(open(path, O_PATH | O_CLOEXEC));
	if (fd != -ENOENT)
		return fd;
	snprintf(path + n, sizeof(path) - n, "pts/%u", p->index);
	return neg_errno(open(path, O_PATH | O_CLOEXEC));
}

/*
 * A node belongs to who opened the master, which was us. A slave in the images tells its owner, and finish_pty() sets it;
 * without one it is the user whose master it is.
 */
static void give_node(const struct rpty *p)
{
	const struct rtask *rt = p->lead->owner;
	const ThreadCoreEntry *tc = rt->core ? rt->core->thread_core : NULL;
	autofd int node = -1;
	struct stat st;

	if (p->slave_file || !tc || !tc->creds || tc->creds->fsuid == geteuid())
		return;
	node = open_slave_node(p, p->fd);
	if (node < 0 || fstat(node, &st) < 0 || st.st_rdev != slave_rdev(p) || st.st_uid == tc->creds->fsuid)
		return;
	if (fchownat(node, "", tc->creds->fsuid, -1, AT_EMPTY_PATH) < 0)
		pr_warn("pts/%u: cannot give it to user %u: %s\n", p->index, tc->creds->fsuid, errno_name(errno));
}

static const char *ptmx_of(const struct restore *rs, const struct rpty *p)
{
	const char *ptmx = p->master_file ? path_of(rs, p->master_file) : NULL;

	return ptmx ? ptmx : "/dev/ptmx";
}

static int err_make(const struct restore *rs, const struct rpty *p, int r)
{
	return err_rfile(p->lead, r, "make pts/%u by %s%s", p->index, ptmx_of(rs, p),
			 r == -EBUSY ? "; it is in use here, end who has it, or restore where /dev/pts is another one" :
			 r == -ENXIO ? "; that is no ptmx" : "");
}

static int make_pty(struct restore *rs, struct rpty *p)
{
	int unlocked = 0, fd, r;

	r = fault_at(FAULT_RESTORE_PTY);
	if (r < 0)
		return r;
	r = open_numbered(ptmx_of(rs, p), p->index, &fd);
	if (r < 0)
		return err_make(rs, p, r);

	p->fd = rfile_park(rs, NULL, fd);
	if (p->fd < 0)
		return err_rfile(p->lead, p->fd, "keep pts/%u", p->index);
	if (ioctl(p->fd, TIOCSPTLCK, &unlocked) < 0)
		return err_rfile(p->lead, -errno, "unlock pts/%u", p->index);
	give_node(p);
	return 0;
}

static bool is_ours(const struct rpty *p)
{
	return p && p->lead && p->lead->owner;
}

/* From the lowest: with those below in place the kernel gives the next number at once. */
static int tty_begin(struct restore *rs)
{
	int r = 0;

	keep_own(rs);
	for (size_t i = 0; r >= 0 && i <= PTY_INDEX_MAX; i++) {
		if (is_ours(rttys_of(rs)->ptys[i]))
			r = make_pty(rs, rttys_of(rs)->ptys[i]);
	}
	return r;
}

static void lend(const struct restore *rs, const struct rtty *tt)
{
	char key[64];
	int fd, r;

	if (!tt || !tt->is_used || !rtty_is_outside(tt))
		return;
	outside_key(tt->ti, key);
	fd = rfile_given(rs, key);
	if (fd < 0)
		fd = rttys_of(rs)->own;
	r = fd < 0 ? 0 : tty_state_lend(fd, tt->ti);
	if (r < 0)
		pr_warn("%s: cannot set the modes of the terminal that is there for it: %s\n", key, errno_name(-r));
}

/*
 * The tasks have left a terminal in some mode, raw perhaps, and go on from there. Others' terminals get their modes here, when no
 * failure is to be undone any more. In the background that would stop us.
 */
static void lend_modes(const struct restore *rs)
{
	const struct rttys *set = rttys_of(rs);
	sigset_t stop, old;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stop, &old);
	for (const struct rtty *tt = set->others; tt; tt = tt->next)
		lend(rs, tt);
	for (size_t i = 0; i <= PTY_INDEX_MAX; i++)
		if (set->ptys[i])
			lend(rs, set->ptys[i]->slave);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* A master that nobody has goes with our copy of it, and its slave is hung up, as it was. */
static void tty_end(struct restore *rs, bool failed)
{
	struct rttys *set = rttys_of(rs);

	if (set && !failed)
		lend_modes(rs);
	if (set && set->own >= 0)
		close(take_fd(&set->own));
	for (size_t i = 0; set && i <= PTY_INDEX_MAX; i++) {
		if (set->ptys[i] && set->ptys[i]->fd >= 0)
			close(take_fd(&set->ptys[i]->fd));
	}
}

/* The number is no proof: every devpts has its own. */
static bool is_slave_of(int fd, const struct rpty *p)
{
	autofd int node = open_slave_node(p, p->fd);
	struct stat a, b;

	return node >= 0 && !fstat(node, &a) && !fstat(fd, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int open_slave(struct restore *rs, struct rfile *rf, struct rpty *p)
{
	int flags = (rf->fe->tty->flags & ~O_ASYNC) | O_NOCTTY;
	const char *path = path_of(rs, rf);
	autofd int fd = -1;

	/*
	 * By its path it has O_LARGEFILE, by its master not (Linux 4.13, 54ebbfb16034). The path may
	 * lead into another devpts, to another terminal of this number.
	 */
	if ((flags & rfile_open_flag()) && path)
		fd = open_node(path, flags, slave_rdev(p));
	if (fd >= 0 && !is_slave_of(fd, p))
		close(take_fd(&fd));
	if (fd < 0)
		fd = neg_errno(ioctl(p->fd, TIOCGPTPEER, flags | O_CLOEXEC));
	return fd < 0 ? err_rfile(rf, fd, "open pts/%u", p->index) : take_fd(&fd);
}

static int open_ctty(struct restore *rs, const struct rtask *rt, const struct rfile *rf);

static int tty_open(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	struct rtty *tt = rf->state;
	struct rpty *p = tt->pty;
	autofd int fd = -1;
	int r;

	if (tt->ti->type == TTY_TYPE__CTTY)
		return open_ctty(rs, rt, rf);
	if (rtty_is_outside(tt))
		return open_outside(rs, rf, tt->ti);

	if (tt == p->slave)
		return open_slave(rs, rf, p);
	fd = neg_errno(fcntl(p->fd, F_DUPFD_CLOEXEC, 0));
	if (fd < 0)
		return err_rfile(rf, fd, "open the master of pts/%u", p->index);
	r = rfile_set_flags(rf, fd, rf->fe->tty->flags);
	return r < 0 ? r : take_fd(&fd);
}

/* --- sessions ----------------------------------------------------------------------------------- */

/* The terminal that is to control the session @sid, if it is one that we make. */
static struct rpty *pty_of_session(const struct restore *rs, pid_t sid)
{
	for (size_t i = 0; i <= PTY_INDEX_MAX; i++) {
		struct rpty *p = rttys_of(rs)->ptys[i];

		if (is_ours(p) && ((p->master && (pid_t)p->master->ti->sid == sid) || (p->slave && (pid_t)p->slave->ti->sid == sid)))
			return p;
	}
	return NULL;
}

int fd_restore_lead_session(struct restore *rs, struct rtask *rt)
{
	struct rpty *p = rt->files && rt->pid == rt->sid ? pty_of_session(rs, rt->sid) : NULL;
	autofd int fd = -1;
	int r;

	if (!p)
		return 0;
	r = fault_at(FAULT_RESTORE_CTTY);
	if (r < 0)
		return r;
	fd = neg_errno(ioctl(p->fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (fd < 0)
		return err_task(rt->pid, fd, "open its terminal pts/%u", p->index);
	return ioctl(fd, TIOCSCTTY, 0) < 0 ? err_task(rt->pid, -errno, "make pts/%u its controlling terminal", p->index) : 0;
}

/* /dev/tty: the terminal of the session, which the leader has got before it forked us; else the session of criu has one. */
static int open_ctty(struct restore *rs, const struct rtask *rt, const struct rfile *rf)
{
	const char *path = path_of(rs, rf);
	int fd = open_node(path ? path : "/dev/tty", rf->fe->tty->flags & ~O_ASYNC, makedev(AUX_MAJOR, CTTY_MINOR));

	return fd < 0 ? err_rfile(rf, fd, "open the controlling terminal of session %d%s", rt->sid,
				  fd == -ENXIO ? "; pass --shell-job in a terminal" : "") : fd;
}

/* --- before anything is made -------------------------------------------------------------------- */

/* A number whose node is not there may still be in use, by who holds a master that was removed: only a restore sees that. */
static int look_for_room(struct restore *rs, const struct rpty *p)
{
	autofd int ptmx = find_node(ptmx_of(rs, p), makedev(AUX_MAJOR, PTMX_MINOR));
	autofd int taken = ptmx < 0 ? -ENOENT : open_slave_node(p, ptmx);

	return ptmx < 0 || taken >= 0 ? err_make(rs, p, ptmx < 0 ? ptmx : -EBUSY) : 0;
}

/* A terminal of the images will be there by then; else it is our own. */
static int look_for_ctty(struct restore *rs, const struct rfile *rf)
{
	autofd int fd = -1;

	if (pty_of_session(rs, rf->owner->sid))
		return 0;
	fd = open_ctty(rs, rf->owner, rf);
	return fd < 0 ? fd : 0;
}

static int tty_look(struct restore *rs, struct rfile *rf)
{
	const struct rtty *tt = rf->state;
	int r;

	if (tt->ti->type == TTY_TYPE__CTTY)
		return look_for_ctty(rs, rf);
	if (!tt->pty || rtty_is_outside(tt)) {
		r = choose_outside(rs, rf, tt->ti, find_own(rs));
		return r < 0 ? r : 0;
	}
	return tt->pty->lead == rf ? look_for_room(rs, tt->pty) : 0;
}

/* --- when all is open --------------------------------------------------------------------------- */

static int put_in_foreground(struct restore *rs, struct rtask *rt, const struct rpty *p)
{
	const struct rtty *sides[] = { p->master, p->slave };
	autofd int fd = -1;

	for (int i = 0; i < 2; i++) {
		pid_t pgrp = sides[i] && (pid_t)sides[i]->ti->sid == rt->sid ? (pid_t)sides[i]->ti->pgrp : 0;

		if (!pgrp)
			continue;
		fd = neg_errno(open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
		if (fd < 0)
			return err_task(rt->pid, fd, "open its controlling terminal");
		/* All signals are blocked here, so a background process may do it. A group may have died with its last member. */
		if (ioctl(fd, TIOCSPGRP, &pgrp) < 0)
			pr_warn("pid %d: cannot put group %d in the foreground of pts/%u: %s\n", rt->pid, pgrp, p->index,
				errno_name(errno));
		return 0;
	}
	return 0;
}

static int tty_finish_session(struct restore *rs, struct rtask *rt)
{
	struct rpty *p = rt->pid == rt->sid ? pty_of_session(rs, rt->sid) : NULL;

	return p ? put_in_foreground(rs, rt, p) : 0;
}

/* The node is new: it was made by us. */
static void give_slave(struct restore *rs, const struct rpty *p)
{
	const struct rfile *sf = p->slave_file;
	const struct rfile *reg = sf->fe->tty->has_regf_id ? rfile_find(rs, sf->fe->tty->regf_id) : NULL;
	const TtyInfoEntry *s = p->slave->ti;
	bool owner, mode;
	struct stat st;

	if (!s->has_uid || !s->has_gid || fstat(sf->slot->fd, &st) < 0)
		return;
	owner = st.st_uid != s->uid || st.st_gid != s->gid;
	mode = reg && reg->fe->type == FD_TYPES__REG && reg->fe->reg->has_mode && (reg->fe->reg->mode & 07777) != (st.st_mode & 07777);
	if ((owner && fchown(sf->slot->fd, s->uid, s->gid) < 0) || (mode && fchmod(sf->slot->fd, reg->fe->reg->mode & 07777) < 0))
		pr_warn("pts/%u: cannot give it its owner %u:%u: %s\n", p->index, s->uid, s->gid, errno_name(errno));
}

/*
 * What waits. The slave's descriptors may be open for one direction only, so take one of our own. When a master has bytes and
 * nobody has its slave, the slave was closed; it is when ours is.
 */
static int fill_queues(const struct rpty *p)
{
	const TtyDataEntry *s = p->slave ? p->slave->td : NULL, *m = p->master ? p->master->td : NULL;
	autofd int slave = -1;
	int r = 0;

	if (!s && !m)
		return 0;
	slave = neg_errno(ioctl(p->fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (slave < 0)
		return slave;
	if (s && p->slave_file)
		r = tty_queue_fill(&(struct tty_queue){ .from = slave, .to = p->fd }, s->data.data, s->data.len);
	if (r >= 0 && m)
		r = tty_queue_fill(&(struct tty_queue){ .from = p->fd, .to = slave, .of_master = true }, m->data.data, m->data.len);
	return r;
}

/* Modes and sizes before data, locks after all is open. */
static int finish_pty(struct restore *rs, struct rfile *rf, struct rpty *p)
{
	struct rfile *sf = p->slave_file, *mf = p->master_file;
	const TtyInfoEntry *m = p->master ? p->master->ti : NULL, *s = p->slave ? p->slave->ti : NULL;
	int on = 1, r = 0;

	if (sf)
		give_slave(rs, p);
	if (s && s->termios && sf)
		r = tty_state_set(sf->slot->fd, s);
	else if (m && mf)
		r = tty_state_set(mf->slot->fd, m);
	if (r < 0)
		return err_rfile(rf, r, "set the modes of pts/%u", p->index);
	if (mf)
		r = fill_queues(p);
	if (r < 0)
		return err_rfile(rf, r, "put back what waits at pts/%u", p->index);

	if ((m && mf && m->packet_mode && ioctl(mf->slot->fd, TIOCPKT, &on) < 0) ||
	    (m && mf && m->locked && ioctl(mf->slot->fd, TIOCSPTLCK, &on) < 0) ||
	    (m && mf && m->exclusive && ioctl(mf->slot->fd, TIOCEXCL) < 0) ||
	    (s && sf && s->exclusive && ioctl(sf->slot->fd, TIOCEXCL) < 0))
		return err_rfile(rf, -errno, "set the packet mode and locks of pts/%u", p->index);
	return 0;
}

static int tty_finish(struct restore *rs, struct rtask *rt, struct rfile *rf, int fd)
{
	struct rtty *tt = rf->state;
	struct rpty *p = tt->pty;

	return rtty_is_outside(tt) || !p || p->lead != rf ? 0 : finish_pty(rs, rf, p);
}

const struct fd_kind tty_kind = {
	.name = "tty",
	.type = FD_TYPES__TTY,
	.old_image = IMG_TTY_FILES,
	FD_MESSAGE(tty, TtyFileEntry),
	.is = tty_is,
	.dump = tty_dump,
	.check = tty_check,
	.write = tty_write,
	.read = tty_read,
	.collect = tty_collect,
	.look = tty_look,
	.begin = tty_begin,
	.open = tty_open,
	.finish = tty_finish,
	.finish_session = tty_finish_session,
	.end = tty_end,
};
