// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dump of terminals. A pseudo terminal has two sides, the master (/dev/ptmx) and the slave (/dev/pts/N), each open any number
 * of times; /dev/tty is whatever terminal controls the session of who opens it.
 * Saved:     modes, window size, lock, exclusive and packet mode, session and foreground group, bytes on their
 *            way between two sides that are both in the tree.
 * Not saved: consoles and serial lines (external only); a slave whose master is outside is taken
 *            from the terminal of the restore (--shell-job) or by --inherit-fd.
 */
#include "criu/fd/tty.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/log.h"
#include "base/own.h"
#include "base/proc.h"
#include "criu/fd/files.h"
#include "criu/fd/fown.h"
#include "criu/fd/tty_kind.h"
#include "criu/fd/tty_queue.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"

/* One side of one terminal. */
struct dtty {
	struct list all;
	TtyInfoEntry *ti;
	struct task *task; /* a descriptor of it */
	int number;
};

struct dttys {
	struct list all;
	uint32_t n_external;
};

static void external_key(const struct fd_info *fi, char key[64])
{
	snprintf(key, 64, "tty[%llx:%llx]", (unsigned long long)fi->st.st_rdev, (unsigned long long)fi->st.st_dev);
}

bool tty_is(const struct dump *d, const struct fd_info *fi)
{
	unsigned int maj = major(fi->st.st_rdev), min = minor(fi->st.st_rdev);
	char key[64];

	if (!S_ISCHR(fi->st.st_mode) || (fi->flags & O_PATH))
		return false;
	if ((maj >= PTS_MAJOR && maj < PTS_MAJOR + 8) || (maj == AUX_MAJOR && (min == PTMX_MINOR || min == CTTY_MINOR)))
		return true;
	external_key(fi, key);
	return options_external(d->opt, key, NULL);
}

static struct dttys *all_ttys(struct dump *d)
{
	struct dttys *set = d->files->state[FD_KIND_tty];

	if (!set) {
		d->files->state[FD_KIND_tty] = set = arena_obj(d->arena, struct dttys);
		if (set)
			list_init(&set->all);
	}
	return set;
}

static struct dtty *find_tty(struct dttys *set, uint32_t id)
{
	struct dtty *tt;

	list_for_each (tt, &set->all, all) {
		if (tt->ti->id == id)
			return tt;
	}
	return NULL;
}

/* Which terminal, and which side of it. */
static int identify(struct dump *d, const struct fd_info *fi, struct dttys *set, TtyInfoEntry *ti)
{
	unsigned int maj = major(fi->st.st_rdev), index;
	struct dtty *tt;
	char key[64];

	external_key(fi, key);
	if (options_external(d->opt, key, NULL)) {
		list_for_each (tt, &set->all, all) {
			if (tt->ti->type == TTY_TYPE__EXT_TTY && tt->ti->rdev == fi->st.st_rdev && tt->ti->dev == fi->st.st_dev) {
				ti->id = tt->ti->id;
				return 0;
			}
		}
		ti->type = TTY_TYPE__EXT_TTY;
		ti->id = (EXT_INDEX + ++set->n_external) << 1;
		return 0;
	}
	if (maj == AUX_MAJOR && minor(fi->st.st_rdev) == CTTY_MINOR) {
		ti->type = TTY_TYPE__CTTY;
		ti->id = CTTY_INDEX << 1;
		return 0;
	}

	ti->type = TTY_TYPE__PTY;
	if (maj == AUX_MAJOR) {
		uint64_t told;

		/* In fdinfo since Linux 4.12, d01c3289e7d0. */
		if (!fdinfo_get(fi, "tty-index", 10, &told))
			index = told;
		else if (ioctl(fi->fd, TIOCGPTN, &index) < 0)
			return err_fd(fi, -errno, "read its number");
	} else {
		index = (maj - PTS_MAJOR) * 256 + minor(fi->st.st_rdev);
	}
	if (index > PTY_INDEX_MAX)
		return block_fd(d, TTY_INDEX, fi, -ENOTSUP, "dump pseudo terminal %u: the images have room for %u", index, PTY_INDEX_MAX);
	ti->id = index << 1 | (maj == AUX_MAJOR);
	ti->pty = image_new(d->arena, TTY_PTY_ENTRY, TtyPtyEntry);
	if (!ti->pty)
		return -ENOMEM;
	ti->pty->index = index;
	return 0;
}

/*
 * The session and foreground group. Only the master tells them to a stranger; what a slave has is known from the tasks whose
 * terminal it is: look_for_session(). As we see them: tty_check() makes them what the tree sees.
 */
static void ask_session(const struct fd_info *fi, TtyInfoEntry *ti)
{
	pid_t sid = 0, pgrp = 0;

	if (!ioctl(fi->fd, TIOCGSID, &sid) && sid > 0)
		ti->sid = sid;
	if (ti->sid && !ioctl(fi->fd, TIOCGPGRP, &pgrp) && pgrp > 0)
		ti->pgrp = pgrp;
}

/* For a survey, which asks no terminal: it has modes as long as it has its node. One that was hung up has neither. */
static int guess_state(struct dump *d, const struct fd_info *fi, TtyInfoEntry *ti)
{
	size_t n = strlen(fi->link), cut = strlen(" (deleted)");

	if (n > cut && !strcmp(fi->link + n - cut, " (deleted)"))
		return 0;
	ti->termios = image_new(d->arena, TERMIOS_ENTRY, TermiosEntry);
	return ti->termios ? 0 : -ENOMEM;
}

static int fill_info(struct dump *d, const struct fd_info *fi, TtyInfoEntry *ti)
{
	bool master = ti->type == TTY_TYPE__PTY && (ti->id & 1);
	int on = 0, r;

	ti->rdev = fi->st.st_rdev;
	ti->has_dev = ti->has_uid = ti->has_gid = true;
	ti->dev = fi->st.st_dev;
	ti->uid = fi->st.st_uid;
	ti->gid = fi->st.st_gid;
	if (d->survey)
		return guess_state(d, fi, ti);
	r = fault_at(FAULT_DUMP_TTY);
	if (r >= 0)
		r = tty_state_get(d->arena, fi->fd, ti);
	if (ti->type == TTY_TYPE__EXT_TTY)
		return r == -ENOTTY ? 0 : r; /* any device can be named so */
	if (r < 0)
		return err_fd(fi, r, "read its modes");
	if (master && !ioctl(fi->fd, TIOCGPTLCK, &on))
		ti->locked = on;
	if (master && !ioctl(fi->fd, TIOCGPKT, &on))
		ti->packet_mode = on;
	if (!ioctl(fi->fd, TIOCGEXCL, &on))
		ti->exclusive = on;
	ask_session(fi, ti);
	return 0;
}

static int new_tty(struct dump *d, const struct fd_info *fi, struct dttys *set, TtyInfoEntry *ti)
{
	struct dtty *tt = arena_obj(d->arena, struct dtty);
	int r;

	if (!tt)
		return -ENOMEM;
	r = fill_info(d, fi, ti);
	if (r < 0)
		return r;
	tt->ti = ti;
	tt->task = fi->task;
	tt->number = fi->number;
	list_add_tail(&tt->all, &set->all);
	return 0;
}

/* The node's name. One that is gone is no ghost: the terminal was hung up, or its devpts is another one. */
static int add_path(struct dump *d, const struct fd_info *fi, uint32_t *ret_id)
{
	struct dfile *f = dfile_add(d, &reg_kind, fi->task, -1, fi->at);
	RegFileEntry *reg = image_new(d->arena, REG_FILE_ENTRY, RegFileEntry);
	const char *deleted = strstr(fi->link, " (deleted)");
	int n = deleted && !deleted[10] ? (int)(deleted - fi->link) : (int)strlen(fi->link);

	if (!f || !reg)
		return -ENOMEM;
	reg->id = f->fe->id;
	reg->flags = fi->flags;
	reg->fown = image_new(d->arena, FOWN_ENTRY, FownEntry);
	reg->name = arena_printf(d->arena, "%.*s", n, fi->link);
	reg->has_mode = true;
	reg->mode = fi->st.st_mode;
	if (!reg->fown || !reg->name)
		return -ENOMEM;
	f->fe->reg = reg;
	*ret_id = reg->id;
	return 0;
}

int tty_dump(struct dump *d, const struct fd_info *fi, FileEntry *out)
{
	TtyInfoEntry *ti = image_new(d->arena, TTY_INFO_ENTRY, TtyInfoEntry);
	struct dttys *set = all_ttys(d);
	struct dtty *tt;
	int r;

	out->tty = image_new(d->arena, TTY_FILE_ENTRY, TtyFileEntry);
	if (!out->tty || !ti || !set)
		return -ENOMEM;
	r = identify(d, fi, set, ti);
	if (r < 0)
		return r;
	out->tty->tty_info_id = ti->id;
	tt = find_tty(set, ti->id);
	if (!tt) {
		r = new_tty(d, fi, set, ti);
		if (r < 0)
			return r;
	} else if ((fi->flags & O_ACCMODE) == O_RDWR) { /* good for both directions of its queues */
		tt->task = fi->task;
		tt->number = fi->number;
	}
	if (ti->type == TTY_TYPE__EXT_TTY || (tt && tt->ti->type == TTY_TYPE__EXT_TTY))
		return 0;
	out->tty->has_regf_id = true;
	return add_path(d, fi, &out->tty->regf_id);
}

/* --- when all tasks have been looked at --------------------------------------------------------- */

/* A slave whose master nobody has: the tasks know whose terminal it is. */
static int look_for_session(struct dump *d, struct dtty *slave)
{
	struct proc_stat st;
	struct task *t;

	dump_for_each_task (t, d) {
		int r;

		if (t->state == TASK_DEAD)
			continue;
		r = proc_read_stat(t->proc, "stat", &st);
		if (r < 0)
			return err_task(t->pid, r, "read its terminal");
		/* tty_nr is as in stat(2), for numbers of 32 bits. */
		if (st.tty_nr != slave->ti->rdev)
			continue;
		slave->ti->sid = t->vsid;
		slave->ti->pgrp = st.tpgid > 0 ? vpid_of(d, st.tpgid) : 0;
		return 0;
	}
	return 0;
}

static int refuse_outside(const struct dump *d, const struct dtty *tt)
{
	const TtyInfoEntry *ti = tt->ti;
	const struct block_object o = { .pid = tt->task->pid, .fd = tt->number, .path = arena_printf(d->arena, "pts/%u", ti->pty->index) };

	return block_at(d->survey, TTY, &o, -ENOTSUP, "dump a terminal whose other side is outside the tree; "
			"pass --shell-job, or --external tty[%x:%x]", ti->rdev, ti->dev);
}

int tty_check(struct dump *d)
{
	struct dttys *set = d->files->state[FD_KIND_tty];
	struct dtty *tt, *master;
	int r = 0;

	if (!set)
		return 0;
	list_for_each (tt, &set->all, all) {
		tt->ti->sid = vpid_of(d, tt->ti->sid);
		tt->ti->pgrp = vpid_of(d, tt->ti->pgrp);
	}
	list_for_each (tt, &set->all, all) {
		bool slave = tt->ti->type == TTY_TYPE__PTY && !(tt->ti->id & 1);

		if (r < 0 || !slave)
			continue;
		master = find_tty(set, tt->ti->id | 1);
		if (master) {
			/* It is the slave's: the master has it from there, and other readers look at either. */
			tt->ti->sid = master->ti->sid;
			tt->ti->pgrp = master->ti->pgrp;
			continue;
		}
		if (!tt->ti->termios)
			continue;
		if (!d->opt->shell_job)
			r = refuse_outside(d, tt);
		else
			r = look_for_session(d, tt);
		r = survey_pass(d->survey, r, tt->task->pid, "its terminal");
	}
	return r;
}

/* --- writing ------------------------------------------------------------------------------------ */

/* Terminals whose queues are saved in one go: two descriptors each. */
#define BATCH 32

struct batch {
	struct tty_queue queues[2 * BATCH];
	const struct dtty *from[2 * BATCH]; /* whose queue it is */
	bool alone[2 * BATCH];		    /* a master whose slave was closed */
	size_t n;
	int fds[2 * BATCH];
	size_t n_fds;
};

static void batch_close(struct batch *b)
{
	while (b->n_fds)
		close(b->fds[--b->n_fds]);
	b->n = 0;
}

static void add_queue(struct batch *b, const struct dtty *from, bool alone, struct tty_queue q)
{
	b->queues[b->n] = q;
	b->from[b->n] = from;
	b->alone[b->n++] = alone;
}

/* A descriptor of @tt that is open for both. Of a slave there may be none in the tree, and @master gives us one. */
static int open_both_ways(const struct dump *d, const struct dtty *tt, int master)
{
	const struct dfile f = { .task = tt->task, .number = tt->number };
	int fd = dfile_fetch(&f), flags = fd < 0 ? fd : neg_errno(fcntl(fd, F_GETFL)), peer;

	if (flags >= 0 && (flags & O_ACCMODE) == O_RDWR)
		return fd;
	if (fd >= 0)
		close(fd);
	if (flags < 0)
		return flags;
	peer = master < 0 ? -EACCES : neg_errno(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
	return peer < 0 ? block_task(d, TTY_QUEUE, tt->task->pid, peer, "save what waits at the terminal behind its descriptor %d, "
				     "which is open for one direction only", tt->number) : peer;
}

/*
 * Nobody in the tree has the slave. If it was closed (POLLHUP) its last words may wait still, and one of our own brings the
 * hang-up back when it is closed. If not it is open outside, or never was.
 */
static int look_at_lonely(const struct dtty *master, int m, int *ret_slave)
{
	struct pollfd p = { .fd = m, .events = POLLIN };
	int there = 0, fd;

	if (poll(&p, 1, 0) < 0 || !(p.revents & POLLHUP)) {
		if (!ioctl(m, FIONREAD, &there) && (there > 0 || master->ti->sid))
			pr_warn("pid %d fd %d: the other side of pts/%u is outside the tree, it is hung up when the tree ends%s\n",
				master->task->pid, master->number, master->ti->pty->index,
				there > 0 ? "; what waits to be read is lost" : "");
		return 0;
	}
	fd = neg_errno(ioctl(m, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (fd < 0)
		return err_task(master->task->pid, fd, "open the other side of pts/%u", master->ti->pty->index);
	*ret_slave = fd;
	return 1;
}

static int add_queues(const struct dump *d, struct batch *b, const struct dtty *slave, const struct dtty *master)
{
	int m = open_both_ways(d, master, -1), s = -1, r = 1;

	if (m < 0)
		return m;
	b->fds[b->n_fds++] = m;
	if (slave)
		r = s = open_both_ways(d, slave, m);
	else
		r = look_at_lonely(master, m, &s);
	if (s >= 0)
		b->fds[b->n_fds++] = s;
	if (r < 0 || s < 0)
		return r;
	if (slave)
		add_queue(b, slave, false, (struct tty_queue){ .from = s, .to = m });
	add_queue(b, master, !slave, (struct tty_queue){ .from = m, .to = s, .of_master = true });
	return 0;
}

static int write_queue(const struct dump *d, struct image *img, const struct tty_queue *q, const struct dtty *tt, bool alone)
{
	TtyDataEntry td = TTY_DATA_ENTRY__INIT;

	if (q->r == -EMSGSIZE)
		return block_task(d, TTY_QUEUE, tt->task->pid, q->r, "save all the bytes that wait at the terminal behind its descriptor %d: an image "
				   "has room for %d; let them be read", tt->number, TTY_DATA_MAX);
	if (q->r < 0)
		return err_task(tt->task->pid, q->r, "save what waits at the terminal behind its descriptor %d", tt->number);
	if (q->is_stopped)
		pr_warn("pts/%u: its output is stopped (^S), it goes on after a restore\n", tt->ti->pty->index);
	/* No bytes of a master that is alone: an entry all the same, which tells that it was hung up. */
	if (!q->n && !alone)
		return 0;
	td.tty_id = tt->ti->id;
	td.data.data = q->data;
	td.data.len = q->n;
	return image_write(img, &td.base);
}

/* All of the batch: each is put back before the first is written. */
static int write_batch(struct dump *d, struct batch *b, struct image *img)
{
	int r = tty_queues_save(d->arena, b->queues, b->n);
	bool told = false;

	for (size_t i = 0; i < b->n && !told; i++) {
		int w = r >= 0 || b->queues[i].r < 0 ? write_queue(d, img, &b->queues[i], b->from[i], b->alone[i]) : 0;

		told = w < 0;
		r = w < 0 ? w : r;
	}
	if (r < 0 && !told)
		err_any(r, "save what waits at terminals");
	batch_close(b);
	return r;
}

static int write_queues(struct dump *d, struct dttys *set)
{
	__attribute__((cleanup(batch_close))) struct batch b = { .n = 0 };
	autoimage struct image *img = NULL;
	struct dtty *tt;
	int r;

	r = image_create(d->images, IMG_TTY_DATA, 0, &img);
	list_for_each (tt, &set->all, all) {
		if (r < 0 || tt->ti->type != TTY_TYPE__PTY || !(tt->ti->id & 1))
			continue;
		r = add_queues(d, &b, find_tty(set, tt->ti->id & ~1u), tt);
		if (r >= 0 && b.n_fds + 2 > 2 * BATCH)
			r = write_batch(d, &b, img);
	}
	if (r >= 0)
		r = write_batch(d, &b, img);
	return r < 0 ? r : image_close(take_ptr(img));
}

int tty_write(struct dump *d)
{
	struct dttys *set = d->files->state[FD_KIND_tty];
	autoimage struct image *img = NULL;
	struct dtty *tt;
	int r;

	r = image_create(d->images, IMG_TTY_INFO, 0, &img);
	if (r < 0 || !set)
		return r < 0 ? r : image_close(take_ptr(img));
	list_for_each (tt, &set->all, all) {
		if (r >= 0)
			r = image_write(img, &tt->ti->base);
	}
	if (r >= 0)
		r = image_close(take_ptr(img));
	return r < 0 ? r : write_queues(d, set);
}
