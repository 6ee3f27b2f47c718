// SPDX-License-Identifier: GPL-2.0-only
/*
 * timerfd: a timer that is read.
 *
 *	clockid: 0
 *	ticks: 0			expirations not yet read
 *	settime flags: 01		octal
 *	it_value: (0, 49406829)		time left
 *	it_interval: (1, 0)
 *
 * Saved:     all of it. The time between dump and restore does not count.
 * Not saved: the moment of an absolute timer: it keeps the time it had left.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/fd/files.h"
#include "criu/fd/info.h"
#include "criu/fd/rfiles.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"

#ifndef TFD_IOC_SET_TICKS /* linux/timerfd.h cannot stand beside sys/timerfd.h */
#define TFD_IOC_SET_TICKS _IOW('T', 0, uint64_t)
#endif

static int get_pair(const struct fd_info *fi, const char *key, uint64_t *ret_sec, uint64_t *ret_nsec)
{
	const char *line = fdinfo_next(fi, NULL, key);

	return line && sscanf(line, " (%" SCNu64 ", %" SCNu64 ")", ret_sec, ret_nsec) == 2 ? 0 : -ENODATA;
}

/*
 * An interval timer that expired stands still until somebody looks: only a read or timerfd_gettime() adds up the intervals
 * that have passed and starts it again. So look, and read fdinfo after that.
 */
static int look_again(const struct fd_info *fi, char **ret_text)
{
	struct fdinfo_head head;
	struct itimerspec its;
	int r = neg_errno(timerfd_gettime(fi->fd, &its));

	return r < 0 ? err_fd(fi, r, "read its timer") : fdinfo_read(fi->task, fi->number, &head, ret_text);
}

static int timerfd_dump(struct dump *d, const struct fd_info *seen, FileEntry *out)
{
	TimerfdEntry *te = image_new(d->arena, TIMERFD_ENTRY, TimerfdEntry);
	struct fd_info now = *seen, *fi = &now;
	autofree char *text = NULL;
	uint64_t clock, flags;
	int r;

	if (!te)
		return -ENOMEM;
	/* Seen is enough for a survey, which changes nothing. */
	r = d->survey ? 0 : look_again(seen, &text);
	if (r < 0)
		return r;
	now.text = text ? text : seen->text;
	r = fdinfo_get(fi, "clockid", 10, &clock);
	if (r >= 0)
		r = fdinfo_get(fi, "ticks", 10, &te->ticks);
	if (r >= 0)
		r = fdinfo_get(fi, "settime flags", 8, &flags);
	if (r >= 0)
		r = get_pair(fi, "it_value", &te->vsec, &te->vnsec);
	if (r >= 0)
		r = get_pair(fi, "it_interval", &te->isec, &te->insec);
	if (r < 0)
		return err_fd(fi, r, "read its timer");

	te->clockid = clock;
	te->settime_flags = flags;
	out->tfd = te;
	return 0;
}

/* --- restore ---------------------------------------------------------------------------------- */

static int timerfd_collect(struct restore *rs, struct rfile *rf)
{
	const TimerfdEntry *te = rf->fe->tfd;

	if (te->vnsec >= 1000000000 || te->insec >= 1000000000 || te->vsec > INT64_MAX / 2 || te->isec > INT64_MAX / 2)
		return refuse_rfile(rf, -EINVAL, "set a timer to %" PRIu64 ".%09" PRIu64 " s, then %" PRIu64 ".%09" PRIu64 " s",
				    te->vsec, te->vnsec, te->isec, te->insec);
	if (te->settime_flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET))
		return refuse_rfile(rf, -EINVAL, "set a timer with flags %#x", te->settime_flags);
	return 0;
}

static int timerfd_restore(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	const TimerfdEntry *te = rf->fe->tfd;
	autofd int fd = neg_errno(timerfd_create(te->clockid, 0));
	int r;

	if (fd < 0)
		return err_rfile(rf, fd, "create a timer on clock %u", te->clockid);
	r = rfile_set_flags(rf, fd, te->flags);
	return r < 0 ? r : take_fd(&fd);
}

/* The kernel shows the flags that the timer was set with, so an absolute timer is set to now and what was left. */
static int make_absolute(const TimerfdEntry *te, struct itimerspec *its)
{
	struct timespec now;

	if (clock_gettime(te->clockid, &now) < 0)
		return -errno;
	its->it_value.tv_sec += now.tv_sec;
	its->it_value.tv_nsec += now.tv_nsec;
	if (its->it_value.tv_nsec >= 1000000000) {
		its->it_value.tv_nsec -= 1000000000;
		its->it_value.tv_sec++;
	}
	return 0;
}

/* As late as can be: it runs from here on. */
static int timerfd_finish(struct restore *rs, struct rtask *rt, struct rfile *rf, int fd)
{
	const TimerfdEntry *te = rf->fe->tfd;
	struct itimerspec its = {
		.it_value = { .tv_sec = te->vsec, .tv_nsec = te->vnsec },
		.it_interval = { .tv_sec = te->isec, .tv_nsec = te->insec },
	};
	bool armed = te->vsec || te->vnsec;
	uint64_t ticks = te->ticks;
	int r = 0;

	if (armed && (te->settime_flags & TFD_TIMER_ABSTIME))
		r = make_absolute(te, &its);
	if (r >= 0)
		r = neg_errno(timerfd_settime(fd, te->settime_flags, &its, NULL));
	if (r < 0)
		return err_rfile(rf, r, "set its timer");

	/* After settime, which forgets expirations. Needs CONFIG_CHECKPOINT_RESTORE. */
	r = ticks ? neg_errno(ioctl(fd, TFD_IOC_SET_TICKS, &ticks)) : 0;
	return r < 0 ? err_rfile(rf, r, "give it %" PRIu64 " expirations", ticks) : 0;
}

const struct fd_kind timerfd_kind = {
	.name = "timerfd",
	.type = FD_TYPES__TIMERFD,
	.old_image = IMG_TIMERFD,
	FD_MESSAGE(tfd, TimerfdEntry),
	.link = "anon_inode:[timerfd]",
	.dump = timerfd_dump,
	.collect = timerfd_collect,
	.open = timerfd_restore,
	.finish = timerfd_finish,
};
