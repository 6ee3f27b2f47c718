// SPDX-License-Identifier: GPL-2.0-only
/*
 * The restore side of open files. A file has one owner, the first task that has it; the owner opens it at its final number
 * (or above all of them, when it opens the file for others only), publishes the number in shared
 * memory, and the others fetch it with pidfd_getfd(). Between the rounds all tasks meet; opening waits for nobody,
 * so no circle can close.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/fd/fown.h"
#include "criu/fd/kind.h"
#include "criu/fd/locks.h"
#include "criu/fd/remap.h"
#include "criu/fd/rfiles.h"
#include "criu/image/fault.h"
#include "criu/image/options.h"
#include "criu/task/restore.h"

/* Descriptors of criu itself that a task may need above its own. */
#define SERVICE_FDS 256

/* --- shared memory ------------------------------------------------------------------------------ */

static long futex(uint32_t *word, int op, uint32_t value)
{
	return syscall(SYS_futex, word, op, value, NULL, NULL, 0);
}

static int wait_published(struct restore *rs, uint32_t *word, uint32_t value)
{
	struct rfile_shared *sh = rs->files->shared;

	__atomic_add_fetch(&sh->waiters, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value && !__atomic_load_n(&sh->failed, __ATOMIC_SEQ_CST))
		(void)futex(word, FUTEX_WAIT, value); /* whatever woke us, the words tell */
	__atomic_sub_fetch(&sh->waiters, 1, __ATOMIC_SEQ_CST);
	return sh->failed ? -ECANCELED : 0;
}

static void wake(struct restore *rs, uint32_t *word)
{
	__atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&rs->files->shared->waiters, __ATOMIC_SEQ_CST))
		(void)futex(word, FUTEX_WAKE, INT_MAX);
}

/* Pass @r on; if it is an error, nobody has to wait for us any more. */
static int done(struct restore *rs, int r)
{
	struct rfile_shared *sh = rs->files->shared;

	if (r < 0 && sh) {
		__atomic_store_n(&sh->failed, 1, __ATOMIC_SEQ_CST);
		wake(rs, &sh->published);
	}
	return r;
}

static int make_shared(struct restore *rs)
{
	struct restore_files *fs = rs->files;
	size_t size = sizeof(*fs->shared) + fs->n * sizeof(fs->shared->slots[0]);
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		return err_any(-errno, "map %zu bytes for the table of open files", size);
	fs->shared = mem;
	fs->shared_size = size;
	for (size_t i = 0; i < fs->n; i++)
		fs->files[i].slot = &fs->shared->slots[i];
	return 0;
}

/* --- the coordinator's part --------------------------------------------------------------------- */

/* Tasks may have numbers beyond the limit that we were started with; the restorer sets their own at the end. */
int rfile_raise_limit(struct restore *rs)
{
	rlim_t need = rs->files->top + rs->files->n_held + rs->opt->n_inherit_fds + SERVICE_FDS;
	struct rlimit lim;
	int r;

	if (getrlimit(RLIMIT_NOFILE, &lim) < 0)
		return err_any(-errno, "read the limit of open files");
	if (lim.rlim_cur == lim.rlim_max && lim.rlim_cur >= need)
		return 0;
	lim.rlim_cur = lim.rlim_max;
	if (lim.rlim_max < need)
		lim.rlim_cur = lim.rlim_max = need;
	r = neg_errno(setrlimit(RLIMIT_NOFILE, &lim));
	if (r < 0)
		return err_any(r, "open files up to number %lu; raise the hard limit of open files (ulimit -Hn) to %lu",
			       (unsigned long)need - 1, (unsigned long)need);
	return 0;
}

/* What the caller gave us comes to a place where no descriptor of a task will be. */
static int keep_inherited(struct restore *rs)
{
	struct restore_files *fs = rs->files;
	size_t n = rs->opt->n_inherit_fds;

	fs->kept = n ? arena_array(rs->arena, n, sizeof(*fs->kept)) : NULL;
	if (n && !fs->kept)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct opt_inherit *in = &rs->opt->inherit_fds[i];
		int fd = neg_errno(fcntl(in->fd, F_DUPFD_CLOEXEC, fs->top));

		if (fd < 0)
			return err_any(fd, "keep the inherited descriptor fd[%d]:%s", in->fd, in->key);
		fs->kept[fs->n_kept++] = fd;
	}
	return 0;
}

int rfile_given(const struct restore *rs, const char *key)
{
	const struct opt_inherit *in = options_inherit(rs->opt, key);
	size_t i = in ? in - rs->opt->inherit_fds : 0;

	if (!in)
		return -ENOENT;
	return i < rs->files->n_kept ? rs->files->kept[i] : in->fd;
}

int rfile_inherited(const struct restore *rs, const char *key)
{
	int fd = rfile_given(rs, key);

	return fd < 0 ? fd : neg_errno(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

int fd_restore_begin(struct restore *rs)
{
	int r;

	r = fault_at(FAULT_RESTORE_FD_BEGIN);
	if (r >= 0)
		r = rfile_raise_limit(rs);
	if (r >= 0)
		r = make_shared(rs);
	if (r >= 0)
		r = keep_inherited(rs);
	if (r >= 0)
		r = remap_begin(rs);
	for (size_t i = 0; r >= 0 && i < FD_KIND_NR; i++) {
		if (fd_kinds[i]->begin)
			r = fd_kinds[i]->begin(rs);
	}
	return r;
}

void fd_restore_end(struct restore *rs, bool failed)
{
	struct restore_files *fs = rs->files;

	if (!fs)
		return;
	for (size_t i = 0; i < FD_KIND_NR; i++) {
		if (fd_kinds[i]->end)
			fd_kinds[i]->end(rs, failed);
	}
	remap_end(rs, failed);
	while (fs->n_kept)
		close(fs->kept[--fs->n_kept]);
	fs->kept = NULL;
	if (fs->shared)
		munmap(fs->shared, fs->shared_size);
	fs->shared = NULL;
}

int fd_restore_floor(const struct rtask *rt)
{
	return rt && rt->files ? rt->files->table->floor : 0;
}

int fd_restore_top(const struct restore *rs)
{
	return rs->files->top;
}

/* --- a task's part ------------------------------------------------------------------------------ */

int rfile_park(struct restore *rs, struct rtask *rt, int fd)
{
	int floor = rt ? fd_restore_floor(rt) : rs->files->top, high;

	if (fd >= floor)
		return fd;
	high = neg_errno(fcntl(fd, F_DUPFD_CLOEXEC, floor));
	close(fd);
	return high;
}

int rfile_set_flags(const struct rfile *rf, int fd, uint32_t flags)
{
	const int settable = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;
	int now, r;

	now = neg_errno(fcntl(fd, F_GETFL));
	if (now >= 0 && !((now ^ flags) & settable))
		return 0;
	r = now < 0 ? now : neg_errno(fcntl(fd, F_SETFL, (now & ~settable) | (flags & settable)));
	return r < 0 ? err_rfile(rf, r, "set its flags to %#o", flags) : 0;
}

int rfile_open_flag(void)
{
	autofd int fd = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int flags = fd < 0 ? 0 : fcntl(fd, F_GETFL);

	return flags < 0 ? 0 : flags & ~(O_ACCMODE | O_DIRECTORY);
}

bool fd_restore_shares_table(const struct rtask *rt)
{
	return rt->files && !rt->files->leads;
}

bool fd_restore_table_is_shared(const struct rtask *rt)
{
	return rt->files && rt->files->table->n_tasks > 1;
}

int fd_restore_reserve(struct restore *rs, struct rtask *parent)
{
	struct rtable *tb = parent->files->table;
	autofd int fd = -1;

	if (tb->reserved || !tb->n)
		return 0;
	(void)close_range(0, tb->floor - 1, 0);
	fd = neg_errno(open("/", O_PATH | O_CLOEXEC));
	if (fd >= 0)
		fd = rfile_park(rs, parent, fd);
	if (fd < 0)
		return err_task(parent->pid, fd, "reserve its descriptors");
	for (size_t i = 0; i < tb->n; i++) {
		if (dup3(fd, tb->fds[i].number, O_CLOEXEC) < 0)
			return err_task(parent->pid, -errno, "reserve its descriptor %d", tb->fds[i].number);
	}
	tb->reserved = true;
	return 0;
}

int fd_restore_open(struct restore *rs, struct rtask *rt, uint32_t id, int flags)
{
	struct rfile *rf = rfile_find(rs, id);
	int fd;

	if (!rf || !rf->kind->reopen)
		return refuse_any(-EINVAL, "use file %u for a mapping or a directory: %s", id,
				  rf ? "its kind has no path" : "it is not in the images");
	if (flags != FD_FLAGS_RECORDED && (flags & (O_CREAT | O_EXCL | O_TRUNC)))
		return refuse_rfile(rf, -EINVAL, "open it with flags %#o", flags);
	fd = fault_at(FAULT_RESTORE_FD_MAPPED);
	if (fd >= 0)
		fd = rf->kind->reopen(rs, rf, flags);
	if (fd >= 0) {
		fd = rfile_park(rs, rt, fd);
		if (fd < 0)
			err_rfile(rf, fd, "keep it above the descriptors of the task");
	}
	return fd;
}

/* Put @fd (taken) at @number of this task. */
static int place(struct rtask *rt, int fd, int number, bool cloexec)
{
	int r = 0;

	if (fd == number) {
		r = neg_errno(fcntl(fd, F_SETFD, cloexec ? FD_CLOEXEC : 0));
	} else {
		r = neg_errno(dup3(fd, number, cloexec ? O_CLOEXEC : 0));
		close(fd);
	}
	return r < 0 ? err_task(rt->pid, r, "have descriptor %d", number) : 0;
}

static int open_owned(struct restore *rs, struct rtask *rt, struct rfile *rf)
{
	int fd, r;

	r = fault_at(FAULT_RESTORE_FD_OPEN);
	if (r < 0)
		return r;
	fd = rf->kind->open(rs, rt, rf);
	if (fd < 0)
		return fd;

	if (rf->number >= 0) {
		r = place(rt, fd, rf->number, rf->cloexec);
		fd = rf->number;
	} else {
		r = fd = rfile_park(rs, rt, fd);
		if (r < 0)
			err_rfile(rf, r, "keep it for other tasks");
	}
	if (r < 0)
		return r;

	rf->slot->fd = fd;
	__atomic_store_n(&rf->slot->ready, 1, __ATOMIC_RELEASE);
	wake(rs, &rs->files->shared->published);
	return 0;
}

int fd_restore_own(struct restore *rs, struct rtask *rt)
{
	int r = 0;

	if (!rt->files || !rt->files->leads)
		return 0;
	/* Where Yama restricts ptrace to descendants, the others could not fetch from us. No Yama: EINVAL. */
	(void)prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	if (!rt->files->table->reserved && rt->files->table->floor)
		(void)close_range(0, rt->files->table->floor - 1, 0);

	for (struct rfile *rf = rt->files->owned; r >= 0 && rf; rf = rf->next_owned)
		r = open_owned(rs, rt, rf);
	return done(rs, r);
}

/* A pidfd of the task last asked; most tasks take from one other only. */
struct source {
	const struct rtask *of;
	int pidfd;
};

static void source_close(struct source *src)
{
	own_close(&src->pidfd);
}

static int fetch(struct restore *rs, struct rtask *rt, const struct rfile *rf, struct source *src)
{
	struct rfile_shared *sh = rs->files->shared;
	int fd, r;

	for (;;) {
		uint32_t seen = __atomic_load_n(&sh->published, __ATOMIC_SEQ_CST);

		if (__atomic_load_n(&rf->slot->ready, __ATOMIC_ACQUIRE))
			break;
		r = wait_published(rs, &sh->published, seen);
		if (r < 0)
			return r; /* who failed has told why */
	}

	if (src->of != rf->owner) {
		own_close(&src->pidfd);
		src->of = NULL;
		src->pidfd = neg_errno((int)syscall(SYS_pidfd_open, rf->owner->pid, 0));
		/* Out of the way: at a low number it would stand where a descriptor belongs. */
		if (src->pidfd >= 0)
			src->pidfd = rfile_park(rs, rt, src->pidfd);
		if (src->pidfd < 0)
			return err_rfile(rf, src->pidfd, "find pid %d, which has opened it", rf->owner->pid);
		src->of = rf->owner;
	}
	fd = neg_errno((int)syscall(SYS_pidfd_getfd, src->pidfd, rf->slot->fd, 0));
	if (fd < 0)
		return err_rfile(rf, fd, "take it from pid %d, which has opened it", rf->owner->pid);
	return fd;
}

static int take_one(struct restore *rs, struct rtask *rt, const struct rtable_fd *e, struct source *src)
{
	const struct rfile *rf = e->file;
	int fd;

	if (rf->owner != rt) {
		fd = fetch(rs, rt, rf, src);
		return fd < 0 ? fd : place(rt, fd, e->number, e->cloexec);
	}
	if (rf->number == e->number)
		return 0;
	if (dup3(rf->number, e->number, e->cloexec ? O_CLOEXEC : 0) < 0)
		return err_task(rt->pid, -errno, "have descriptor %d", e->number);
	return 0;
}

int fd_restore_take(struct restore *rs, struct rtask *rt)
{
	__attribute__((cleanup(source_close))) struct source src = { .pidfd = -1 };
	const struct rtable *tb;
	int r;

	if (!rt->files || !rt->files->leads)
		return 0;
	tb = rt->files->table;
	r = fault_at(FAULT_RESTORE_FD_TAKE);
	for (size_t i = 0; r >= 0 && i < tb->n; i++)
		r = take_one(rs, rt, &tb->fds[i], &src);
	return done(rs, r);
}

int fd_restore_finish(struct restore *rs, struct rtask *rt)
{
	int r;

	if (!rt->files)
		return 0;
	r = fault_at(FAULT_RESTORE_FD_FINISH);
	for (size_t i = 0; r >= 0 && i < FD_KIND_NR; i++) {
		if (fd_kinds[i]->finish_session)
			r = fd_kinds[i]->finish_session(rs, rt);
	}
	if (r >= 0)
		r = locks_restore(rs, rt);
	if (!rt->files->leads)
		return done(rs, r);

	for (struct rfile *rf = rt->files->owned; r >= 0 && rf; rf = rf->next_owned) {
		r = fown_restore(rs, rf, rf->slot->fd);
		if (r >= 0 && rf->kind->finish)
			r = rf->kind->finish(rs, rt, rf, rf->slot->fd);
	}
	for (size_t i = 0; r >= 0 && rt == rs->root && i < FD_KIND_NR; i++) {
		if (fd_kinds[i]->settle)
			r = fd_kinds[i]->settle(rs);
	}
	for (struct rfile *rf = rt->files->owned; r >= 0 && rf; rf = rf->next_owned) {
		if (rf->number < 0)
			close(rf->slot->fd);
	}
	(void)prctl(PR_SET_PTRACER, 0, 0, 0, 0);
	return done(rs, r);
}
