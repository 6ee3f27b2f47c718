// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoll: a set of watched files, each known by the file and the number it was added by.
 *
 *	tfd:        5 events:       19 data:     deadbeef  pos:0 ino:61 sdev:f
 *
 * Saved:     events (with EPOLLET, EPOLLONESHOT and what a shot left of it), data; which file.
 * Not saved: which edges have been reported; a ready file is reported once more.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/fd/files.h"
#include "criu/fd/rfiles.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"

/* These stay when a one-shot has fired (EP_PRIVATE_BITS); the kernel adds EPOLLERR and EPOLLHUP to every request. */
#define PRIVATE (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)

/* In tfd.id: see find_target(). */
#define LOST_NUMBER 0x80000000u

static size_t count_targets(const struct fd_info *fi)
{
	const char *line = NULL;
	size_t n = 0;

	while ((line = fdinfo_next(fi, line, "tfd")))
		n++;
	return n;
}

static int parse_target(const struct fd_info *fi, const char *line, EventpollTfdEntry *te)
{
	uint32_t tfd, events, dev = 0;
	uint64_t data, inode = 0;
	int64_t pos = 0;
	int n = sscanf(line, "%u events: %x data: %" SCNx64 " pos:%" SCNi64 " ino:%" SCNx64 " sdev:%x", &tfd, &events, &data,
		       &pos, &inode, &dev);

	if (n < 3)
		return err_fd(fi, -EBADMSG, "read what it watches");
	te->tfd = tfd;
	te->events = events;
	te->data = data;
	if (n == 6) { /* Linux 4.13, 77493f04b74c */
		te->has_pos = te->has_inode = te->has_dev = true;
		te->pos = pos;
		te->inode = inode;
		te->dev = dev;
	}
	return 0;
}

static int epoll_dump(struct dump *d, const struct fd_info *fi, FileEntry *out)
{
	EventpollFileEntry *ee = image_new(d->arena, EVENTPOLL_FILE_ENTRY, EventpollFileEntry);
	size_t n = count_targets(fi);
	const char *line = NULL;
	int r;

	if (!ee)
		return -ENOMEM;
	ee->tfd = arena_array(d->arena, n, sizeof(*ee->tfd));
	if (n && !ee->tfd)
		return -ENOMEM;
	while ((line = fdinfo_next(fi, line, "tfd"))) {
		EventpollTfdEntry *te = image_new(d->arena, EVENTPOLL_TFD_ENTRY, EventpollTfdEntry);

		if (!te)
			return -ENOMEM;
		r = parse_target(fi, line, te);
		if (r < 0)
			return r;
		ee->tfd[ee->n_tfd++] = te;
	}
	out->epfd = ee;
	return 0;
}

/* Is descriptor @n the file which @epfd watches as its @toff'th of number @tfd? */
static int is_target(pid_t pid, int n, int epfd, uint32_t tfd, uint32_t toff)
{
	struct kcmp_epoll_slot slot = { .efd = epfd, .tfd = tfd, .toff = toff };

	return neg_errno((int)syscall(SYS_kcmp, pid, pid, KCMP_EPOLL_TFD, n, &slot));
}

/*
 * The number may have been closed, or reused for another file, while a duplicate keeps the watched one
 * alive. Then the entry has the duplicate's number, which is what other readers understand, and in its id, which is not used
 * inside an epoll's entry, the number it was added by, marked.
 */
static int find_target(const struct dump *d, const struct dtable *tb, const struct dtable_fd *ep, uint32_t toff, EventpollTfdEntry *te)
{
	pid_t pid = task_living_tid(tb->task);
	int r = is_target(pid, te->tfd, ep->number, te->tfd, toff);
	uint32_t tfd = te->tfd;

	if (r < 0 && r != -EBADF)
		return err_task(tb->task->pid, r, "compare descriptor %u with what the epoll at descriptor %d watches", tfd,
				ep->number);
	for (size_t i = 0; r && i < tb->n; i++) {
		r = is_target(pid, tb->fds[i].number, ep->number, tfd, toff);
		te->tfd = tb->fds[i].number;
	}
	if (!r && te->tfd != tfd)
		te->id = LOST_NUMBER | tfd;
	if (r)
		return block_at(d->survey, EPOLL_LOST, (&(struct block_object){ .pid = tb->task->pid, .fd = ep->number, .path = "epoll" }),
				-ENOTSUP, "dump it: what it watches as %u is no descriptor of the process any more",
				tfd);
	return 0;
}

/* The kernel counts the files of one number in the order in which fdinfo lists them. */
static int find_targets(struct dump *d, const struct dtable *tb, const struct dtable_fd *ep)
{
	EventpollFileEntry *ee = ep->file->fe->epfd;
	uint32_t *numbers = arena_array(d->arena, ee->n_tfd, sizeof(*numbers));
	int r = 0;

	if (ee->n_tfd && !numbers)
		return -ENOMEM;
	for (size_t i = 0; r >= 0 && i < ee->n_tfd; i++) {
		uint32_t toff = 0;

		numbers[i] = ee->tfd[i]->tfd;
		for (size_t j = 0; j < i; j++)
			toff += numbers[j] == numbers[i];
		r = survey_pass(d->survey, find_target(d, tb, ep, toff, ee->tfd[i]), tb->task->pid, "an epoll");
	}
	return r;
}

/* All descriptors of the table are known now. */
static int epoll_check_table(struct dump *d, struct dtable *tb)
{
	for (size_t i = 0; i < tb->n; i++) {
		const struct dtable_fd *e = &tb->fds[i];
		int r;

		/* Once, in the table where it was first seen. */
		if (e->file->kind != &epoll_kind || e->file->task != tb->task || e->file->number != e->number)
			continue;
		r = fault_at(FAULT_DUMP_EPOLL);
		if (r >= 0)
			r = find_targets(d, tb, e);
		if (r < 0)
			return r;
	}
	return 0;
}

/* --- restore ---------------------------------------------------------------------------------- */

/* Old images have the watched files apart. */
static int read_old_targets(struct restore *rs)
{
	EventpollTfdEntry **all;
	size_t n;
	int r;

	r = image_read_all(rs->images, IMG_EVENTPOLL_TFD, 0, &eventpoll_tfd_entry__descriptor, &all, &n);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		struct rfile *rf = rfile_find(rs, all[i]->id);
		EventpollFileEntry *ee = rf ? rf->fe->epfd : NULL;
		EventpollTfdEntry **more;

		if (!ee)
			return refuse_any(-EINVAL, "use eventpoll-tfd.img: file %u is no epoll", all[i]->id);
		more = arena_array(rs->arena, ee->n_tfd + 1, sizeof(*more));
		if (!more)
			return -ENOMEM;
		for (size_t j = 0; j < ee->n_tfd; j++)
			more[j] = ee->tfd[j];
		more[ee->n_tfd++] = all[i];
		ee->tfd = more;
	}
	return 0;
}

static int epoll_open(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	autofd int fd = neg_errno(epoll_create1(EPOLL_CLOEXEC));
	int r;

	if (fd < 0)
		return err_rfile(rf, fd, "create it");
	r = rfile_set_flags(rf, fd, rf->fe->epfd->flags);
	return r < 0 ? r : take_fd(&fd);
}

static bool has_fired(const EventpollTfdEntry *te)
{
	return (te->events & EPOLLONESHOT) && !(te->events & ~PRIVATE);
}

static int ctl(const struct rfile *rf, int epfd, int op, int number, const EventpollTfdEntry *te, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.u64 = te->data };
	int r = neg_errno(epoll_ctl(epfd, op, number, &ev));

	return r < 0 ? err_rfile(rf, r, "watch descriptor %d", number) : 0;
}

/*
 * A one-shot that has fired reports nothing, not even errors; but epoll_ctl() always asks for those. While the set
 * is otherwise silent, let it fire again if the file is ready for anything. If not, errors alone can fire.
 */
static int add_fired(const struct rfile *rf, int epfd, int number, const EventpollTfdEntry *te)
{
	struct epoll_event ev;
	int r = ctl(rf, epfd, EPOLL_CTL_ADD, number, te, te->events | EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP);

	if (r < 0 || epoll_wait(epfd, &ev, 1, 0) == 1)
		return r;
	return ctl(rf, epfd, EPOLL_CTL_MOD, number, te, te->events);
}

static int add_as(const struct rfile *rf, int epfd, int number, const EventpollTfdEntry *te)
{
	if (has_fired(te))
		return add_fired(rf, epfd, number, te);
	return ctl(rf, epfd, EPOLL_CTL_ADD, number, te, te->events);
}

/* Watched by a number that is another file's now, or nobody's: let it be this file's for a moment. */
static int add_by_lost_number(struct restore *rs, struct rtask *rt, const struct rfile *rf, int epfd, const EventpollTfdEntry *te)
{
	int number = te->id & ~LOST_NUMBER, flags = fcntl(number, F_GETFD), r;
	autofd int kept = -1;

	if (flags >= 0) {
		kept = neg_errno(fcntl(number, F_DUPFD_CLOEXEC, fd_restore_floor(rt)));
		if (kept < 0)
			return err_rfile(rf, kept, "put descriptor %d aside", number);
	}
	/* The epoll itself may stand there, as a duplicate of what once was elsewhere. */
	if (epfd == number)
		epfd = kept;
	if (dup2(te->tfd, number) < 0)
		return err_rfile(rf, -errno, "watch descriptor %u by number %d", te->tfd, number);
	r = add_as(rf, epfd, number, te);
	if (kept < 0)
		close(number);
	else if (dup3(kept, number, flags & FD_CLOEXEC ? O_CLOEXEC : 0) < 0 && r >= 0)
		r = err_rfile(rf, -errno, "put descriptor %d back", number);
	return r;
}

static int add(struct restore *rs, struct rtask *rt, const struct rfile *rf, int epfd, const EventpollTfdEntry *te)
{
	if (te->id & LOST_NUMBER)
		return add_by_lost_number(rs, rt, rf, epfd, te);
	return add_as(rf, epfd, te->tfd, te);
}

static bool has_number(const struct rtable *tb, uint32_t number)
{
	for (size_t i = 0; i < tb->n; i++) {
		if ((uint32_t)tb->fds[i].number == number)
			return true;
	}
	return false;
}

static int epoll_finish(struct restore *rs, struct rtask *rt, struct rfile *rf, int fd)
{
	const EventpollFileEntry *ee = rf->fe->epfd;
	int r;

	r = fault_at(FAULT_RESTORE_EPOLL);
	for (size_t i = 0; r >= 0 && i < ee->n_tfd; i++) {
		if (!has_number(rt->files->table, ee->tfd[i]->tfd))
			r = refuse_rfile(rf, -EINVAL, "watch descriptor %u, which pid %d does not have", ee->tfd[i]->tfd, rt->pid);
	}
	for (size_t i = 0; r >= 0 && i < ee->n_tfd; i++) {
		if (has_fired(ee->tfd[i]))
			r = add(rs, rt, rf, fd, ee->tfd[i]);
	}
	for (size_t i = 0; r >= 0 && i < ee->n_tfd; i++) {
		if (!has_fired(ee->tfd[i]))
			r = add(rs, rt, rf, fd, ee->tfd[i]);
	}
	return r;
}

const struct fd_kind epoll_kind = {
	.name = "epoll",
	.type = FD_TYPES__EVENTPOLL,
	.old_image = IMG_EVENTPOLL,
	FD_MESSAGE(epfd, EventpollFileEntry),
	.link = "anon_inode:[eventpoll]",
	.dump = epoll_dump,
	.check_table = epoll_check_table,
	.read = read_old_targets,
	.open = epoll_open,
	.finish = epoll_finish,
};
