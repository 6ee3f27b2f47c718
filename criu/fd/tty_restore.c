// SPDX-License-Identifier: GPL-2.0-only
/*
 * Restore of terminals. The masters of pseudo terminals are opened in the coordinator, before the first fork, and all tasks have
 * them by inheritance: a session's leader must make its terminal the controlling one before it forks the members
 * of the session, who get it from there and in no other way.
 */
#include <fcntl.h>
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
#include "criu/fd/rfiles.h"
#include "criu/fd/tty.h"
#include "criu/fd/tty_kind.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/restore.h"
#include "proto/core.pb-c.h"
#include "proto/creds.pb-c.h"
#include "proto/tty.pb-c.h"

struct rtty;

/* A pseudo terminal: its two sides. */
struct rpty {
	struct rpty *next;
	uint32_t index;
	struct rtty *master, *slave; /* NULL: in no image */
	struct rfile *lead;
	struct rfile *slave_file;    /* the first of the slave */
	struct rfile *master_file;
	int fd;			     /* the master, in the coordinator and all tasks, above all numbers; -1 */
};

/* One side, or another terminal. */
struct rtty {
	struct rtty *next;
	const TtyInfoEntry *ti;
	const TtyDataEntry *td; /* waits to be read from it; NULL */
	struct rpty *pty;	/* NULL: no pseudo terminal */
};

struct rttys {
	struct rtty *all;
	struct rpty *ptys;
	int own; /* our terminal, for --shell-job; -1 */
	bool needs_own;
};

static struct rttys *all_of(const struct restore *rs)
{
	return rs->files->state[FD_KIND_tty];
}

static struct rtty *find_tty(const struct restore *rs, uint32_t id)
{
	for (struct rtty *tt = all_of(rs)->all; tt; tt = tt->next) {
		if (tt->ti->id == id)
			return tt;
	}
	return NULL;
}

/* --- reading ------------------------------------------------------------------------------------ */

static struct rpty *get_pty(struct restore *rs, uint32_t index)
{
	struct rttys *set = all_of(rs);
	struct rpty *p;

	for (p = set->ptys; p; p = p->next) {
		if (p->index == index)
			return p;
	}
	p = arena_obj(rs->arena, struct rpty);
	if (!p)
		return NULL;
	p->index = index;
	p->fd = -1;
	p->next = set->ptys;
	set->ptys = p;
	return p;
}

static int check_pty(struct restore *rs, const TtyInfoEntry *ti)
{
	bool master = ti->id & 1;

	if (!ti->pty || ti->pty->index > PTY_INDEX_MAX || ti->id >> 1 != ti->pty->index)
		return refuse_any(-EINVAL, "use terminal %u of tty-info.img: its number does not fit its id", ti->id);
	if (!tty_state_ok(ti) || (master && !ti->termios))
		return refuse_any(-EINVAL, "use terminal %u of tty-info.img: its modes are not complete", ti->id);
	return 0;
}

static int read_info(struct restore *rs, const TtyInfoEntry *ti)
{
	struct rttys *set = all_of(rs);
	struct rtty *tt = arena_obj(rs->arena, struct rtty);
	int r;

	if (!tt)
		return -ENOMEM;
	if (find_tty(rs, ti->id))
		return refuse_any(-EINVAL, "use tty-info.img: it has terminal %u twice", ti->id);
	tt->ti = ti;
	switch (ti->type) {
	case TTY_TYPE__PTY:
		r = check_pty(rs, ti);
		if (r < 0)
			return r;
		tt->pty = get_pty(rs, ti->pty->index);
		if (!tt->pty)
			return -ENOMEM;
		*(ti->id & 1 ? &tt->pty->master : &tt->pty->slave) = tt;
		break;
	case TTY_TYPE__CTTY:
	case TTY_TYPE__EXT_TTY:
		break;
	default:
		return refuse_any(-ENOTSUP, "restore terminal %u: consoles and serial lines are not supported yet", ti->id);
	}
	tt->next = set->all;
	set->all = tt;
	return 0;
}

static int tty_read(struct restore *rs)
{
	struct rttys *set = arena_obj(rs->arena, struct rttys);
	TtyInfoEntry **infos;
	TtyDataEntry **data;
	size_t n;
	int r;

	if (!set)
		return -ENOMEM;
	set->own = -1;
	rs->files->state[FD_KIND_tty] = set;

	r = image_read_all(rs->images, IMG_TTY_INFO, 0, &tty_info_entry__descriptor, &infos, &n);
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = read_info(rs, infos[i]);
	if (r >= 0)
		r = image_read_all(rs->images, IMG_TTY_DATA, 0, &tty_data_entry__descriptor, &data, &n);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct rtty *tt = find_tty(rs, data[i]->tty_id);

		if (!tt || !tt->pty || data[i]->data.len > TTY_DATA_MAX)
			return refuse_any(-EINVAL, "use tty-data.img: %zu bytes for terminal %u", data[i]->data.len, data[i]->tty_id);
		tt->td = data[i];
	}
	return r;
}

/* A slave that was not hung up and whose master is not in the images: somebody's terminal. */
static bool is_outside(const struct rtty *tt)
{
	return tt->pty && !tt->pty->master && tt->ti->termios;
}

static int tty_collect(struct restore *rs, struct rfile *rf)
{
	struct rtty *tt = find_tty(rs, rf->fe->tty->tty_info_id);
	struct rpty *p;

	if (!tt)
		return refuse_rfile(rf, -EINVAL, "find terminal %u in tty-info.img", rf->fe->tty->tty_info_id);
	rf->state = tt;
	if (is_outside(tt))
		all_of(rs)->needs_own = true;
	p = tt->pty;
	if (!p || is_outside(tt))
		return 0;

	if (!p->lead)
		p->lead = rf;
	rf->lead = p->lead;
	if (tt == p->master && p->master_file)
		return refuse_rfile(rf, -EINVAL, "open the master of pts/%u twice", p->index);
	if (tt == p->master)
		p->master_file = rf;
	else if (!p->slave_file)
		p->slave_file = rf;
	return 0;
}

/* --- our own terminal --------------------------------------------------------------------------- */

static void find_own(struct restore *rs)
{
	struct rttys *set = all_of(rs);

	if (!set->needs_own || !rs->opt->shell_job)
		return;
	for (int fd = 0; fd <= 2 && set->own < 0; fd++) {
		if (isatty(fd))
			set->own = neg_errno(fcntl(fd, F_DUPFD_CLOEXEC, rs->files->top));
	}
	/* If there is none, an inherited one may do: open_outside() tells if not. */
}

/* A description of our own of the terminal @fd, or one shared with who gave it. */
static int reopen(const struct rfile *rf, int fd)
{
	char self[32];
	int r;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	r = neg_errno(open(self, (rf->fe->tty->flags & ~O_ASYNC) | O_NOCTTY | O_CLOEXEC));
	if (r < 0)
		r = neg_errno(fcntl(fd, F_DUPFD_CLOEXEC, 0));
	return r < 0 ? err_rfile(rf, r, "open the terminal") : r;
}

static int open_outside(struct restore *rs, struct rfile *rf, const TtyInfoEntry *ti)
{
	autofd int given = -1;
	char key[64];

	snprintf(key, sizeof(key), "tty[%x:%x]", ti->rdev, ti->dev);
	given = rfile_inherited(rs, key);
	if (given >= 0)
		return reopen(rf, given);
	if (all_of(rs)->own >= 0)
		return reopen(rf, all_of(rs)->own);
	if (ti->type != TTY_TYPE__EXT_TTY && !rs->opt->shell_job)
		return refuse_rfile(rf, -EINVAL, "make terminal pts/%u: its other side is not in the images; pass --shell-job or --inherit-fd fd[N]:%s",
				    ti->id >> 1, key);
	return refuse_rfile(rf, -EINVAL, "find a terminal for it; pass --inherit-fd fd[N]:%s%s", key,
			    ti->type != TTY_TYPE__EXT_TTY ? ", or start criu in a terminal" : "");
}

/* --- pseudo terminals --------------------------------------------------------------------------- */

static const char *path_of(const struct restore *rs, const struct rfile *rf)
{
	const struct rfile *reg = rf->fe->tty->has_regf_id ? rfile_find(rs, rf->fe->tty->regf_id) : NULL;

	return reg && reg->fe->type == FD_TYPES__REG ? reg->fe->reg->name : NULL;
}

/* The kernel gives the lowest free number: take all below until ours comes. */
static int open_numbered(const char *ptmx, uint32_t index, int *ret_fd)
{
	int held[PTY_INDEX_MAX + 1], n = 0, fd = -1, got = -1, r = 0;

	while (r >= 0) {
		fd = neg_errno(open(ptmx, O_RDWR | O_NOCTTY | O_CLOEXEC));
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
 * A node belongs to who opened the master, which was us. A slave in the images tells its owner, and finish_pty() sets it;
 * without one it is the user whose master it is.
 */
static void give_node(const struct rpty *p)
{
	const struct rtask *rt = p->lead->owner;
	const ThreadCoreEntry *tc = rt->core ? rt->core->thread_core : NULL;
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "/dev/pts/%u", p->index);
	if (p->slave_file || !tc || !tc->creds || stat(path, &st) < 0 ||
	    st.st_rdev != makedev(PTS_MAJOR + p->index / 256, p->index % 256) || st.st_uid == tc->creds->fsuid)
		return;
	if (chown(path, tc->creds->fsuid, -1) < 0)
		pr_warn("%s: cannot give it to user %u: %s\n", path, tc->creds->fsuid, errno_name(errno));
}

static int make_pty(struct restore *rs, struct rpty *p)
{
	const char *ptmx = p->master_file ? path_of(rs, p->master_file) : NULL;
	int unlocked = 0, fd, r;

	r = fault_at(FAULT_RESTORE_PTY);
	if (r < 0)
		return r;
	r = open_numbered(ptmx ? ptmx : "/dev/ptmx", p->index, &fd);
	if (r < 0)
		return err_rfile(p->lead, r, "make pts/%u%s", p->index,
				 r == -EBUSY ? "; it is in use here, end who has it, or restore where /dev/pts is another one" : "");

	p->fd = rfile_park(rs, NULL, fd);
	if (p->fd < 0)
		return err_rfile(p->lead, p->fd, "keep pts/%u", p->index);
	if (ioctl(p->fd, TIOCSPTLCK, &unlocked) < 0)
		return err_rfile(p->lead, -errno, "unlock pts/%u", p->index);
	give_node(p);
	return 0;
}

static int tty_begin(struct restore *rs)
{
	int r = 0;

	find_own(rs);
	for (struct rpty *p = all_of(rs)->ptys; r >= 0 && p; p = p->next) {
		if (p->lead && p->lead->owner)
			r = make_pty(rs, p);
	}
	return r;
}

/* A master that nobody has goes with our copy of it, and its slave is hung up, as it was. */
static void tty_end(struct restore *rs, bool failed)
{
	struct rttys *set = all_of(rs);

	if (set && set->own >= 0)
		close(take_fd(&set->own));
	for (struct rpty *p = set ? set->ptys : NULL; p; p = p->next) {
		if (p->fd >= 0)
			close(take_fd(&p->fd));
	}
}

static int open_slave(struct restore *rs, struct rfile *rf, struct rpty *p)
{
	int flags = (rf->fe->tty->flags & ~O_ASYNC) | O_NOCTTY;
	const char *path = path_of(rs, rf);
	struct stat st;
	autofd int fd = -1;

	/*
	 * By its path it has O_LARGEFILE, by its master not (Linux 4.13, 54ebbfb16034). The path may
	 * lead into another devpts.
	 */
	if ((flags & rfile_open_flag()) && path)
		fd = neg_errno(open(path, flags | O_CLOEXEC));
	if (fd >= 0 && (fstat(fd, &st) < 0 || st.st_rdev != makedev(PTS_MAJOR + p->index / 256, p->index % 256))) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		fd = neg_errno(ioctl(p->fd, TIOCGPTPEER, flags | O_CLOEXEC));
	return fd < 0 ? err_rfile(rf, fd, "open pts/%u", p->index) : take_fd(&fd);
}

static int open_ctty(struct restore *rs, struct rtask *rt, struct rfile *rf);

static int tty_open(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	struct rtty *tt = rf->state;
	struct rpty *p = tt->pty;
	autofd int fd = -1;
	int r;

	if (tt->ti->type == TTY_TYPE__CTTY)
		return open_ctty(rs, rt, rf);
	if (!p || is_outside(tt))
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
	for (struct rpty *p = all_of(rs)->ptys; p; p = p->next) {
		bool theirs = (p->master && (pid_t)p->master->ti->sid == sid) || (p->slave && (pid_t)p->slave->ti->sid == sid);

		if (theirs && p->lead && p->lead->owner)
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
static int open_ctty(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	const char *path = path_of(rs, rf);
	int fd = neg_errno(open(path ? path : "/dev/tty", (rf->fe->tty->flags & ~O_ASYNC) | O_NOCTTY | O_CLOEXEC));

	return fd < 0 ? err_rfile(rf, fd, "open the controlling terminal of session %d%s", rt->sid,
				  fd == -ENXIO ? "; pass --shell-job in a terminal" : "") : fd;
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

/* Owner and mode of the node, which is new. Modes and sizes before data, locks after all is open. */
static int finish_pty(struct restore *rs, struct rfile *rf, struct rpty *p)
{
	struct rfile *sf = p->slave_file, *mf = p->master_file;
	const struct rfile *reg = sf && sf->fe->tty->has_regf_id ? rfile_find(rs, sf->fe->tty->regf_id) : NULL;
	const TtyInfoEntry *m = p->master ? p->master->ti : NULL, *s = p->slave ? p->slave->ti : NULL;
	struct stat st;
	int on, r = 0;

	if (sf && s->has_uid && s->has_gid && !fstat(sf->slot->fd, &st)) {
		bool owner = st.st_uid != s->uid || st.st_gid != s->gid;
		bool mode = reg && reg->fe->type == FD_TYPES__REG && reg->fe->reg->has_mode &&
			    (reg->fe->reg->mode & 07777) != (st.st_mode & 07777);

		if ((owner && fchown(sf->slot->fd, s->uid, s->gid) < 0) || (mode && fchmod(sf->slot->fd, reg->fe->reg->mode & 07777) < 0))
			pr_warn("pts/%u: cannot give it its owner %u:%u: %s\n", p->index, s->uid, s->gid, errno_name(errno));
	}

	if (s && s->termios && sf)
		r = tty_state_set(sf->slot->fd, s);
	else if (m && mf)
		r = tty_state_set(mf->slot->fd, m);
	if (r < 0)
		return err_rfile(rf, r, "set the modes of pts/%u", p->index);

	if (sf && mf && p->slave->td)
		r = tty_queue_set(mf->slot->fd, false, p->slave->td->data.data, p->slave->td->data.len);
	if (r >= 0 && sf && mf && p->master->td)
		r = tty_queue_set(sf->slot->fd, true, p->master->td->data.data, p->master->td->data.len);
	if (r < 0)
		return err_rfile(rf, r, "put back what waits at pts/%u", p->index);

	on = 1;
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

	return !p || is_outside(tt) || p->lead != rf ? 0 : finish_pty(rs, rf, p);
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
	.begin = tty_begin,
	.open = tty_open,
	.finish = tty_finish,
	.finish_session = tty_finish_session,
	.end = tty_end,
};
