// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copying pages out of a stopped task. All ranges together are one stream of bytes, the pages image; it is
 * cut into slices, which one or two threads fetch by process_vm_readv into a buffer that stays
 * in the cache and write to their place. What the task itself may not read (PROT_NONE) comes from
 * /proc/PID/mem, where a tracer may; and all of it, where process_vm_readv is missing or refused.
 */
#include "criu/mem/vma.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "criu/image/fault.h"
#include "criu/image/progress.h"
#include "criu/task/dump.h"
#include "kerndat/kerndat.h"

#define SLICE	 (1u << 20)
#define IOVS	 256
/* Below this a second thread costs more than it saves. */
#define PARALLEL (64u << 20)

struct fetch {
	pid_t pid;
	const struct mem_range *v;
	size_t n;
	uint64_t size;
	int out, mem;
	bool all_by_mem; /* the way that is open here */
	uint64_t next; /* the first byte no thread has taken; atomic */
	int failed;    /* 0 or the first -errno; atomic */
};

/* The range that byte @off of the stream lies in. */
static size_t range_at(const struct fetch *f, uint64_t off)
{
	size_t low = 0, high = f->n;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (f->v[mid].off <= off)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static int read_by_mem(const struct fetch *f, uint64_t addr, char *buf, size_t n)
{
	int r = io_pread(f->mem, buf, n, (off_t)addr);

	return r < 0 ? err_task(f->pid, r, "read its page at %#" PRIx64, addr) : 0;
}

/* The @n bytes of @iov, page by page where the quick way got stuck. */
static int read_iovs(const struct fetch *f, struct iovec *iov, size_t n_iov, char *buf, size_t n)
{
	while (n) {
		struct iovec to = { buf, n };
		ssize_t got = process_vm_readv(f->pid, &to, 1, iov, n_iov, 0);
		size_t page = (size_t)sysconf(_SC_PAGESIZE);
		int r;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			/* Not permitted to us, or a page that has to be forced. */
			got = (ssize_t)(iov->iov_len < page ? iov->iov_len : page);
			r = read_by_mem(f, (uintptr_t)iov->iov_base, buf, (size_t)got);
			if (r < 0)
				return r;
		}
		buf += got;
		n -= (size_t)got;
		while (n_iov && (size_t)got >= iov->iov_len) {
			got -= (ssize_t)iov->iov_len;
			iov++;
			n_iov--;
		}
		if (got) {
			iov->iov_base = (char *)iov->iov_base + got;
			iov->iov_len -= (size_t)got;
		}
	}
	return 0;
}

/* Bytes [off, off + n) of the stream into @buf. */
static int read_slice(const struct fetch *f, uint64_t off, char *buf, size_t n)
{
	struct iovec iov[IOVS];
	size_t i = range_at(f, off), have = 0, n_iov = 0;
	int r = 0;

	for (; n && r == 0; i++) {
		const struct mem_range *v = &f->v[i];
		uint64_t from = v->start + (off - v->off), part = v->end - from;

		part = part < n ? part : n;
		if (n_iov && (v->by_mem || f->all_by_mem || n_iov == IOVS)) {
			r = read_iovs(f, iov, n_iov, buf, have);
			buf += have;
			have = n_iov = 0;
		}
		if (r == 0 && (v->by_mem || f->all_by_mem)) {
			r = read_by_mem(f, from, buf, part);
			buf += part;
		} else {
			iov[n_iov++] = (struct iovec){ (void *)(uintptr_t)from, part };
			have += part;
		}
		off += part;
		n -= part;
	}
	return r == 0 && n_iov ? read_iovs(f, iov, n_iov, buf, have) : r;
}

static int fetch_slice(const struct fetch *f, uint64_t off, char *buf)
{
	size_t n = f->size - off < SLICE ? (size_t)(f->size - off) : SLICE;
	int r;

	r = fault_at(FAULT_DUMP_PAGES_FETCH);
	if (r < 0)
		return r;
	r = read_slice(f, off, buf, n);
	if (r < 0)
		return r;
	r = io_pwrite(f->out, buf, n, (off_t)off);
	return r < 0 ? err_task(f->pid, r, "write its pages to the image") : 0;
}

/* Take slices until none is left; whoever takes one late knows best how far all are. */
static void fetch_rest(struct fetch *f, struct progress *progress)
{
	size_t room = f->size < SLICE ? (size_t)f->size : SLICE;
	autofree char *buf = malloc(room);
	uint64_t off;
	int r = buf ? 0 : -ENOMEM;

	while (r == 0 && !__atomic_load_n(&f->failed, __ATOMIC_RELAXED)) {
		off = __atomic_fetch_add(&f->next, SLICE, __ATOMIC_RELAXED);
		if (off >= f->size)
			break;
		r = fetch_slice(f, off, buf);
		progress_at(progress, off);
	}
	if (r < 0)
		__atomic_store_n(&f->failed, r, __ATOMIC_RELAXED);
}

static void *second_main(void *arg)
{
	fetch_rest(arg, NULL);
	return NULL;
}

/* A second thread for large memory. Signals are the first one's business. */
static bool start_second(struct fetch *f, pthread_t *ret_thread)
{
	sigset_t all, old;
	bool started;

	if (f->size < PARALLEL || sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	started = pthread_create(ret_thread, NULL, second_main, f) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return started;
}

int mem_fetch(struct dump *d, struct task *t, uint64_t size, int out)
{
	struct fetch f = { .pid = t->pid, .v = t->mem->pages.v, .n = t->mem->pages.n, .size = size, .out = out };
	autofd int mem = -1;
	pthread_t second;
	bool parallel;

	if (!size)
		return 0;
	/* Nearly every task has a PROT_NONE area, few have pages there: but one open is cheap. */
	f.mem = mem = neg_errno(openat(t->proc, "mem", O_RDONLY | O_CLOEXEC));
	if (mem < 0)
		return err_task(t->pid, mem, "open its mem");

	f.all_by_mem = kerndat_way(d->kd, WAY_PAGES_FETCH) != BY_VM_READV;

	progress_task(d->progress, t->pid, size);
	parallel = start_second(&f, &second);
	fetch_rest(&f, d->progress);
	if (parallel)
		pthread_join(second, NULL);
	return f.failed;
}
