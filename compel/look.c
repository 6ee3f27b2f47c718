// SPDX-License-Identifier: LGPL-2.1-only
/* What can be seen of a stopped task from outside: memory, pending signals, descriptors. */
#include "compel/compel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "compel/victim.h"

#define PEEK_BATCH 32
#define PIDFD_THREAD_ O_EXCL /* newer than the headers */

static int peek_all(pid_t tid, struct __ptrace_peeksiginfo_args *args, siginfo_t **infos)
{
	size_t nr = 0;
	siginfo_t *more;
	long n;

	do {
		more = realloc(*infos, (nr + PEEK_BATCH) * sizeof(**infos));
		if (!more)
			return -ENOMEM;
		*infos = more;
		args->off = nr;
		n = ptrace(PTRACE_PEEKSIGINFO, tid, args, more + nr);
		if (n < 0)
			return -errno;
		nr += (size_t)n;
	} while (n > 0);

	return (int)nr;
}

int victim_pending(const struct victim *v, pid_t tid, siginfo_t **ret_infos, size_t *ret_nr)
{
	struct __ptrace_peeksiginfo_args args = { .nr = PEEK_BATCH };
	autofree siginfo_t *infos = NULL;
	struct victim_thread *t;
	int r;

	if (tid == 0) {
		t = victim_living(v);
		args.flags = PTRACE_PEEKSIGINFO_SHARED;
	} else {
		t = victim_thread(v, tid);
	}
	if (!t || t->is_dead)
		return refuse_task(v->pid, -ESRCH, "read the pending signals of thread %d; it is dead", tid);

	r = peek_all(t->tid, &args, &infos);
	if (r < 0)
		return err_task(v->pid, r, "read the pending signals of thread %d", t->tid);

	*ret_infos = take_ptr(infos);
	*ret_nr = (size_t)r;
	return 0;
}

/* ---- memory ------------------------------------------------------------------------------------- */

int victim_mem_fd(struct victim *v)
{
	struct victim_thread *t = victim_living(v);
	char path[32];

	if (v->mem_fd >= 0)
		return v->mem_fd;
	if (!t)
		return -ESRCH;

	/* A dead leader has no memory any more, its threads do. */
	snprintf(path, sizeof(path), "/proc/%d/mem", t->tid);
	v->mem_fd = neg_errno(open(path, O_RDWR | O_CLOEXEC));
	if (v->mem_fd < 0) {
		int r = v->mem_fd;

		v->mem_fd = -1;
		return err_task(v->pid, r, "open its memory");
	}

	return v->mem_fd;
}

static ssize_t vm_copy(const struct victim *v, uint64_t addr, void *buf, size_t n, bool is_write)
{
	struct iovec local = { buf, n }, remote = { (void *)addr, n };
	struct victim_thread *t = victim_living(v);

	if (!t)
		return -ESRCH;

	return neg_errno(is_write ? process_vm_writev(t->tid, &local, 1, &remote, 1, 0) :
				    process_vm_readv(t->tid, &local, 1, &remote, 1, 0));
}

int victim_read(const struct victim *v, uint64_t addr, void *buf, size_t n)
{
	int fd;

	if (vm_copy(v, addr, buf, n, false) == (ssize_t)n)
		return 0;

	/* Not in this kernel, or no read permission there: the memory file has its own rules. */
	fd = victim_mem_fd((struct victim *)v);
	return fd < 0 ? fd : io_pread(fd, buf, n, (off_t)addr);
}

int victim_write(const struct victim *v, uint64_t addr, const void *buf, size_t n)
{
	int fd;

	if (vm_copy(v, addr, (void *)buf, n, true) == (ssize_t)n)
		return 0;

	fd = victim_mem_fd((struct victim *)v);
	return fd < 0 ? fd : io_pwrite(fd, buf, n, (off_t)addr);
}

/* Only the memory file takes care of caches of instructions, where they do not see a write by themselves. */
int victim_write_code(struct victim *v, uint64_t addr, const void *buf, size_t n)
{
	int fd = victim_mem_fd(v);

	return fd < 0 ? fd : io_pwrite(fd, buf, n, (off_t)addr);
}

/* ---- descriptors -------------------------------------------------------------------------------- */

int victim_pidfd(struct victim *v)
{
	struct victim_thread *t = victim_living(v);

	if (v->pid_fd < 0) {
		/* A dead leader has no descriptors any more: name a thread that has (Linux 6.9). */
		unsigned int flags = t && t->tid != v->pid ? PIDFD_THREAD_ : 0;
		int fd = (int)neg_errno(syscall(SYS_pidfd_open, flags ? t->tid : v->pid, flags));

		if (fd < 0)
			return fd;
		v->pid_fd = fd;
	}

	return v->pid_fd;
}

int victim_getfd(struct victim *v, int fd)
{
	int pidfd = victim_pidfd(v), r;

	if (pidfd == -EINVAL)
		return refuse_task(v->pid, -ENOTSUP, "take its descriptors: its first thread has exited, and this kernel has no "
				   "pidfd of other threads (Linux 6.9)");
	if (pidfd < 0)
		return err_task(v->pid, pidfd, "open a pidfd of it");

	r = (int)neg_errno(syscall(SYS_pidfd_getfd, pidfd, fd, 0));
	if (r < 0)
		return err_task(v->pid, r, "take its descriptor %d", fd);

	return r;
}
