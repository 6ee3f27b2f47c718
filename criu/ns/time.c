/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time namespaces (Linux 5.6, 769071ac9f20): the monotonic and the boot clock with an offset, the same for all that are in one.
 * Saved:     what the two clocks showed to the tree when it was frozen, be the namespace criu's or the tree's own.
 * Restore:   the tree gets a namespace whose clocks go on from there. Where none can be made and the tree had none of its own,
 *            it sees the clocks of the host, which have gone on meanwhile, or begun anew.
 * Not saved: a second namespace in one tree, which is refused.
 *
 * All else that has to do with time needs nothing of this: timers are saved as what is left of them, and a call that sleeps until
 * a point in time starts again with that point.
 */
#include "criu/ns/time.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "base/proc.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/progress.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"
#include "kerndat/kerndat.h"
#include "proto/core.pb-c.h"
#include "proto/inventory.pb-c.h"
#include "proto/timens.pb-c.h"

#ifndef CLONE_NEWTIME /* sched.h of glibc before 2.36 */
#define CLONE_NEWTIME 0x00000080
#endif

#define NSEC_PER_SEC 1000000000
/* The kernel takes no offset by which a clock would show more (KTIME_SEC_MAX / 2). */
#define SECONDS_MAX (INT64_MAX / NSEC_PER_SEC / 2)

/* The two clocks, or how far they are off those of the host. Nanoseconds count upwards. */
struct clocks {
	struct timespec monotonic, boottime;
};

static struct timespec sum(struct timespec a, struct timespec b)
{
	struct timespec s = { a.tv_sec + b.tv_sec, a.tv_nsec + b.tv_nsec };

	if (s.tv_nsec >= NSEC_PER_SEC) {
		s.tv_nsec -= NSEC_PER_SEC;
		s.tv_sec++;
	}
	return s;
}

static struct timespec difference(struct timespec a, struct timespec b)
{
	struct timespec d = { a.tv_sec - b.tv_sec, a.tv_nsec - b.tv_nsec };

	if (d.tv_nsec < 0) {
		d.tv_nsec += NSEC_PER_SEC;
		d.tv_sec--;
	}
	return d;
}

static struct clocks read_clocks(void)
{
	struct clocks c;

	(void)clock_gettime(CLOCK_MONOTONIC, &c.monotonic);
	(void)clock_gettime(CLOCK_BOOTTIME, &c.boottime);
	return c;
}

/*
 * "monotonic  -4 753922598", or "1 -4 753922598" in Linux 5.6: how far the clocks are off in the namespace that children of the
 * task will be in.
 */
static int parse_offsets(char *text, struct clocks *ret)
{
	struct clocks c;
	char *rest, name[16];
	int64_t sec, nsec;
	int seen = 0;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (sscanf(line, "%15s %" SCNd64 " %" SCNd64, name, &sec, &nsec) != 3)
			return -EBADMSG;
		if (!strcmp(name, "monotonic") || !strcmp(name, "1")) {
			c.monotonic = (struct timespec){ sec, nsec };
			seen |= 1;
		} else if (!strcmp(name, "boottime") || !strcmp(name, "7")) {
			c.boottime = (struct timespec){ sec, nsec };
			seen |= 2;
		}
	}
	if (seen != 3)
		return -EBADMSG;
	*ret = c;
	return 0;
}

static int read_offsets(int proc, const char *path, struct clocks *ret)
{
	char text[256];
	int r = proc_read_text(proc, path, text, sizeof(text));

	return r < 0 ? r : parse_offsets(text, ret);
}

/* --- dump ----------------------------------------------------------------------------------------------------- */

static bool has_own(const struct dump *d)
{
	return d->root->ns[NS_TIME] && d->root->ns[NS_TIME] != ids_own_ns(d, NS_TIME);
}

/* From what we see to what the tree sees: both offsets count from the clocks of the host. */
static int translate(const struct dump *d, struct clocks *c)
{
	struct clocks ours, theirs;
	int r = read_offsets(AT_FDCWD, "/proc/self/timens_offsets", &ours);

	if (r < 0)
		return err_path("/proc/self/timens_offsets", r, "read the offsets of our clocks");
	r = read_offsets(d->root->proc, "timens_offsets", &theirs);
	if (r < 0)
		return err_task(d->root->pid, r, "read the offsets of its clocks");
	c->monotonic = sum(difference(c->monotonic, ours.monotonic), theirs.monotonic);
	c->boottime = sum(difference(c->boottime, ours.boottime), theirs.boottime);
	return 0;
}

static int to_image(struct dump *d, const struct timespec *ts, Timespec **ret)
{
	Timespec *m = image_new(d->arena, TIMESPEC, Timespec);

	if (!m)
		return -ENOMEM;
	m->tv_sec = (uint64_t)ts->tv_sec;
	m->tv_nsec = (uint64_t)ts->tv_nsec;
	*ret = m;
	return 0;
}

int time_look(struct dump *d)
{
	struct clocks c = read_clocks();
	int r = fault_at(FAULT_DUMP_CLOCKS);

	if (!r && has_own(d))
		r = translate(d, &c);
	if (r < 0)
		return r;
	d->clocks = image_new(d->arena, TIMENS_ENTRY, TimensEntry);
	r = d->clocks ? to_image(d, &c.monotonic, &d->clocks->monotonic) : -ENOMEM;
	return r < 0 ? r : to_image(d, &c.boottime, &d->clocks->boottime);
}

int time_write(struct dump *d)
{
	return image_write_one(d->images, IMG_TIMENS, has_own(d) ? d->root->ns[NS_TIME] : 0, &d->clocks->base);
}

/* --- restore: the images ---------------------------------------------------------------------------------------- */

bool time_is_own(const struct restore *rs)
{
	const struct TaskKobjIdsEntry *root = rs->root->ids, *criu = rs->inventory->root_ids;

	return root->has_time_ns_id && criu->has_time_ns_id && root->time_ns_id != criu->time_ns_id;
}

static bool is_sane(const struct Timespec *ts)
{
	return ts->tv_sec <= SECONDS_MAX && ts->tv_nsec < NSEC_PER_SEC;
}

/* Of a tree without a namespace of its own there need be no image. */
static int read_image(struct restore *rs, struct TimensEntry **ret)
{
	const uint32_t id = time_is_own(rs) ? rs->root->ids->time_ns_id : 0;
	autoimage struct image *img = NULL;
	int r;

	*ret = NULL;
	if (id)
		return image_read_one(rs->images, IMG_TIMENS, id, &timens_entry__descriptor, ret);
	r = image_open(rs->images, IMG_TIMENS, id, &img);
	if (!r && image_exists(img))
		r = image_read(img, &timens_entry__descriptor, ret);
	return r < 0 ? r : 0;
}

int time_read(struct restore *rs)
{
	struct TimensEntry *m;
	int r = read_image(rs, &m);

	if (r < 0 || !m)
		return r;
	if (!is_sane(m->monotonic) || !is_sane(m->boottime))
		return refuse_path("timens.img", -EINVAL, "set the clocks to %" PRIu64 ".%09" PRIu64 " and %" PRIu64 ".%09" PRIu64 " s",
				   m->monotonic->tv_sec, m->monotonic->tv_nsec, m->boottime->tv_sec, m->boottime->tv_nsec);
	/* Of another host criu check asks this itself. */
	if (rs->elsewhere || kerndat_way(rs->kd, WAY_TREE_CLOCKS) == BY_TIME_NS)
		rs->clocks = m;
	else if (time_is_own(rs))
		return refuse_task(rs->root->pid, -ENOTSUP, "restore it in a time namespace of its own, which cannot be made here; "
				   "that needs a kernel with CONFIG_TIME_NS, CAP_SYS_ADMIN and CAP_SYS_TIME");
	else
		pr_info("No time namespace can be made here: the tree sees the clocks of the host\n");
	return 0;
}

/* --- restore: the root task ------------------------------------------------------------------------------------- */

static struct timespec from_image(const struct Timespec *m)
{
	return (struct timespec){ (time_t)m->tv_sec, (long)m->tv_nsec };
}

/* The offsets can be written as long as nobody is in the namespace. Clocks by number: names came with Linux 5.7. */
static int write_offsets(const struct clocks *c)
{
	autofd int fd = neg_errno(open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC));
	char text[128];

	if (fd < 0)
		return fd;
	snprintf(text, sizeof(text), "%d %jd %ld\n%d %jd %ld\n", CLOCK_MONOTONIC, (intmax_t)c->monotonic.tv_sec, c->monotonic.tv_nsec,
		 CLOCK_BOOTTIME, (intmax_t)c->boottime.tv_sec, c->boottime.tv_nsec);
	return io_write(fd, text, strlen(text));
}

/* unshare() is for the children to come; this task goes to where they will be. */
static int follow_children(void)
{
	autofd int fd = neg_errno(open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC));

	return fd < 0 ? fd : (int)neg_errno(setns(fd, CLONE_NEWTIME));
}

/* What began before goes on: the log, the bar on a terminal, statistics. */
static void tell_shift(struct restore *rs, struct timespec by)
{
	const int64_t ns = by.tv_sec * NSEC_PER_SEC + by.tv_nsec;

	log_shift(ns);
	progress_shift(rs->progress, ns);
	rs->stats->forking_us += (uint64_t)(ns / 1000);
}

static int set_clocks(struct restore *rs, const struct clocks *host, const struct clocks *ours)
{
	const pid_t root = rs->root->pid;
	const struct clocks off = {
		.monotonic = difference(from_image(rs->clocks->monotonic), host->monotonic),
		.boottime = difference(from_image(rs->clocks->boottime), host->boottime),
	};
	int r = write_offsets(&off);

	if (r < 0)
		return err_task(root, r, "set the clocks of its time namespace");
	r = follow_children();
	if (r < 0)
		return err_task(root, r, "put it in its time namespace");
	tell_shift(rs, difference(off.monotonic, ours->monotonic));
	pr_debug("Clocks go on: monotonic is %jd.%09ld s off the host's, boottime %jd.%09ld s\n", (intmax_t)off.monotonic.tv_sec,
		 off.monotonic.tv_nsec, (intmax_t)off.boottime.tv_sec, off.boottime.tv_nsec);
	return 0;
}

int time_enter(struct restore *rs)
{
	struct clocks ours, host;
	int r = fault_at(FAULT_RESTORE_CLOCKS);

	if (r < 0 || !rs->clocks)
		return r;
	/* A forked task is where its children will be, so these are its own. */
	r = read_offsets(AT_FDCWD, "/proc/self/timens_offsets", &ours);
	if (r < 0)
		return err_path("/proc/self/timens_offsets", r, "read the offsets of our clocks");
	if (unshare(CLONE_NEWTIME) < 0)
		return err_task(rs->root->pid, -errno, "make a time namespace for it%s",
				errno == ENOSPC ? "; /proc/sys/user/max_time_namespaces is the limit" : "");
	host = read_clocks();
	host.monotonic = difference(host.monotonic, ours.monotonic);
	host.boottime = difference(host.boottime, ours.boottime);
	return set_clocks(rs, &host, &ours);
}
