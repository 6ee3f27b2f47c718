// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages from the image into place. New mappings are read into directly, many ranges a call, after
 * the kernel has been told to populate them: a page fault costs several times what a populated page
 * does. In mappings that came from the parent by fork the equal pages stay shared: they were compared before
 * (same.c), or are now.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "criu/image/fault.h"
#include "criu/image/progress.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"

#define IOVS	256
/* One populate and read at a time. */
#define BLOCK	(8u << 20)
#define COMPARE (256u << 10)
/* Fewer pages than this may fault. */
#define POPULATE_PAGES 4

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

struct fill {
	struct restore *rs;
	struct rtask *rt;
	const struct rtask_mem *from;
	uint64_t page, huge; /* sizes */
	bool may_collapse;

	/* Reads that go together: consecutive in one pages image. */
	struct iovec iov[IOVS];
	size_t n_iov, bytes;
	uint32_t layer;
	off_t off;

	char *buf; /* COMPARE bytes, once needed */
	uint64_t compared, equal, restored;
	uint64_t through; /* bytes that were read into place */
};

/* A stretch of one run within one mapping. */
struct stretch {
	uint64_t at, end_at; /* where it is to be written now */
	uint32_t layer;
	off_t off;
};

static void *ptr(uint64_t addr)
{
	return (void *)(uintptr_t)addr;
}

static int flush(struct fill *f)
{
	struct iovec *iov = f->iov;
	int fd = f->n_iov ? pages_fd(f->rt->mem->pages, f->layer) : 0;

	if (fd < 0)
		return fd;
	while (f->n_iov) {
		ssize_t got = preadv(fd, iov, (int)f->n_iov, f->off);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_task(f->rt->pid, got < 0 ? -errno : -ENODATA, "read its pages from the image");
		f->off += got;
		for (; f->n_iov && (size_t)got >= iov->iov_len; iov++, f->n_iov--)
			got -= (ssize_t)iov->iov_len;
		if (got) {
			iov->iov_base = (char *)iov->iov_base + got;
			iov->iov_len -= (size_t)got;
		}
	}
	f->through += f->bytes;
	f->bytes = 0;
	progress_at(f->rs->progress, f->through);
	return 0;
}

/*
 * Whole huge pages come as such (Linux 6.1), also where nobody advised it: every byte is going
 * to be there. The call needs one page in each to begin with.
 */
static void populate_huge(struct fill *f, const struct rvma *v, uint64_t *at, uint64_t end)
{
	uint64_t first = (*at + f->huge - 1) & ~(f->huge - 1), last = end & ~(f->huge - 1), p;
	const uint64_t advice = 1ull << MADV_HUGEPAGE | 1ull << MADV_NOHUGEPAGE;

	if (!f->may_collapse || first >= last || v->e->status & VMA_FILE_PRIVATE || v->e->madv & advice ||
	    v->e->flags & MAP_HUGETLB || v->at != v->e->start)
		return;
	if (*at < first)
		(void)madvise(ptr(*at), first - *at, MADV_POPULATE_WRITE);
	for (p = first; p < last; p += f->huge)
		*(volatile char *)ptr(p) = 0;
	if (madvise(ptr(first), last - first, MADV_COLLAPSE) < 0)
		f->may_collapse = false; /* not now, not here: small pages do */
	else
		*at = last;
}

/* What cannot be populated faults when it is read into. */
static void populate(struct fill *f, const struct rvma *v, uint64_t at, uint64_t end)
{
	if (end - at < POPULATE_PAGES * f->page)
		return;
	populate_huge(f, v, &at, end);
	if (at < end)
		(void)madvise(ptr(at), end - at, MADV_POPULATE_WRITE);
}

static int read_into(struct fill *f, const struct rvma *v, const struct stretch *s)
{
	uint64_t at = s->at, part;
	off_t off = s->off;
	int r;

	for (; at < s->end_at; at += part, off += (off_t)part) {
		part = s->end_at - at < BLOCK ? s->end_at - at : BLOCK;
		if (f->n_iov == IOVS || f->bytes + part > BLOCK || f->layer != s->layer ||
		    f->off + (off_t)f->bytes != off) {
			r = flush(f);
			if (r < 0)
				return r;
		}
		populate(f, v, at, at + part);
		if (!f->n_iov) {
			f->layer = s->layer;
			f->off = off;
		}
		f->iov[f->n_iov++] = (struct iovec){ ptr(at), part };
		f->bytes += part;
	}
	f->restored += (s->end_at - s->at) / f->page;
	return 0;
}

static int compare_with(struct fill *f, const struct stretch *s)
{
	uint64_t at = s->at, part, i;
	int fd = pages_fd(f->rt->mem->pages, s->layer), r;

	if (fd < 0)
		return fd;
	if (!f->buf)
		f->buf = malloc(COMPARE);
	if (!f->buf)
		return -ENOMEM;
	for (; at < s->end_at; at += part) {
		part = s->end_at - at < COMPARE ? s->end_at - at : COMPARE;
		r = io_pread(fd, f->buf, part, s->off + (off_t)(at - s->at));
		if (r < 0)
			return err_task(f->rt->pid, r, "read its pages from the image");
		for (i = 0; i < part; i += f->page) {
			f->compared++;
			if (!memcmp(ptr(at + i), f->buf + i, f->page)) {
				f->equal++;
				continue;
			}
			memcpy(ptr(at + i), f->buf + i, f->page);
			f->restored++;
		}
	}
	return 0;
}

/* The same for a task that was compared before: @addr is where @s belongs. */
static int take_compared(struct fill *f, const struct rvma *v, const struct stretch *s, uint64_t addr)
{
	struct stretch part = *s;
	int r = 0;

	for (; part.at < s->end_at && r == 0; part.at = part.end_at) {
		uint64_t off = part.at - s->at;
		bool same;
		size_t n = same_until(f->rt->mem, f->page, addr + off, addr + (s->end_at - s->at), &same);

		f->compared += n;
		part.end_at = part.at + n * f->page;
		part.off = s->off + (off_t)off;
		if (same)
			f->equal += n;
		else
			r = read_into(f, v, &part);
	}
	return r;
}

/* Part [start, end) of @run, which @v has; split by which pages the parent has, too. */
static int fill_inherited(struct fill *f, const struct rvma *v, const struct pages_run *run, uint64_t start, uint64_t end)
{
	size_t n, i = pages_find(f->from->pages, start);
	const struct pages_run *theirs = pages_runs(f->from->pages, &n);
	int r = 0;

	while (start < end && r == 0) {
		bool both = i < n && theirs[i].start <= start;
		uint64_t until = i == n ? end : both ? theirs[i].end : theirs[i].start;
		struct stretch s = { .layer = run->layer };

		until = until < end ? until : end;
		s.at = v->at + (start - v->e->start);
		s.end_at = v->at + (until - v->e->start);
		s.off = run->off + (off_t)(start - run->start);
		if (!both)
			r = read_into(f, v, &s);
		else
			r = f->rt->mem->is_compared ? take_compared(f, v, &s, start) : compare_with(f, &s);
		start = until;
		if (i < n && theirs[i].end <= start)
			i++;
	}
	return r;
}

/* The parent's pages that the child does not have: [start, end) becomes what the mapping is without them. */
static int drop(struct fill *f, const struct rvma *v, uint64_t start, uint64_t end)
{
	if (start < end && madvise(ptr(v->at + (start - v->e->start)), end - start, MADV_DONTNEED) < 0)
		return err_task(f->rt->pid, -errno, "drop pages of its parent at %#" PRIx64, start);
	return 0;
}

/* Parts of [start, end), where the parent has pages, that no run of the child covers. */
static int drop_uncovered(struct fill *f, const struct rvma *v, uint64_t start, uint64_t end)
{
	size_t n, i = pages_find(f->rt->mem->pages, start);
	const struct pages_run *runs = pages_runs(f->rt->mem->pages, &n);
	int r = 0;

	for (; r == 0 && start < end; i++) {
		uint64_t until = i < n && runs[i].start < end ? runs[i].start : end;

		r = drop(f, v, start, until);
		start = i < n ? runs[i].end : end;
	}
	return r;
}

static int drop_extra(struct fill *f, const struct rvma *v)
{
	size_t first, last, i, n;
	const struct pages_run *theirs = pages_runs(f->from->pages, &n);
	int r = 0;

	rvma_runs(f->from, v, &first, &last);
	for (i = first; i < last && r == 0; i++) {
		uint64_t start = theirs[i].start > v->e->start ? theirs[i].start : v->e->start;
		uint64_t end = theirs[i].end < v->e->end ? theirs[i].end : v->e->end;

		r = drop_uncovered(f, v, start, end);
	}
	return r;
}

/*
 * Filling writes. A reservation too large to be writable as a whole (vm.overcommit_memory) is opened where
 * pages go only; the restorer gives each mapping its final protection.
 */
static int open_for_writing(struct fill *f, struct rvma *v, uint64_t start, uint64_t end)
{
	if ((v->prot & (PROT_READ | PROT_WRITE)) == (PROT_READ | PROT_WRITE) && v->prot != PROT_MIXED)
		return 0;
	if (v->prot != PROT_MIXED) {
		if (!mprotect(ptr(v->at), rvma_size(v), PROT_READ | PROT_WRITE)) {
			v->prot = PROT_READ | PROT_WRITE;
			return 0;
		}
		if (errno != ENOMEM)
			return err_task(f->rt->pid, -errno, "make its mapping %#" PRIx64 " writable", v->e->start);
		v->prot = PROT_MIXED;
	}
	if (mprotect(ptr(v->at + (start - v->e->start)), end - start, PROT_READ | PROT_WRITE) < 0)
		return err_task(f->rt->pid, -errno, "make pages at %#" PRIx64 " writable", start);
	return 0;
}

static int fill_vma(struct fill *f, struct rvma *v)
{
	size_t first, last, i, n;
	const struct pages_run *runs = pages_runs(f->rt->mem->pages, &n);
	int r = 0;

	if (v->inherited) {
		r = drop_extra(f, v);
		if (r < 0)
			return r;
	}
	rvma_runs(f->rt->mem, v, &first, &last);
	for (i = first; i < last && r == 0; i++) {
		uint64_t start = runs[i].start > v->e->start ? runs[i].start : v->e->start;
		uint64_t end = runs[i].end < v->e->end ? runs[i].end : v->e->end;
		struct stretch s = {
			.at = v->at + (start - v->e->start),
			.end_at = v->at + (end - v->e->start),
			.layer = runs[i].layer,
			.off = runs[i].off + (off_t)(start - runs[i].start),
		};

		r = open_for_writing(f, v, start, end);
		if (r < 0)
			return r;
		r = v->inherited ? fill_inherited(f, v, &runs[i], start, end) : read_into(f, v, &s);
	}
	return r;
}

void rvma_runs(const struct rtask_mem *m, const struct rvma *v, size_t *ret_first, size_t *ret_last)
{
	size_t n;
	const struct pages_run *runs = pages_runs(m->pages, &n);

	*ret_first = pages_find(m->pages, v->e->start);
	*ret_last = pages_find(m->pages, v->e->end - 1);
	/* The run that holds the last byte counts, if it begins before the end. */
	if (*ret_last < n && runs[*ret_last].start < v->e->end)
		++*ret_last;
}

static uint64_t private_bytes(const struct rtask *rt)
{
	const struct pages_run *runs;
	uint64_t bytes = 0;
	size_t i, n;

	runs = pages_runs(rt->mem->pages, &n);
	for (i = 0; i < n; i++)
		bytes += runs[i].end - runs[i].start;
	return bytes;
}

int fill_pages(struct restore *rs, struct rtask *rt, const struct rtask_mem *from)
{
	struct fill f = { .rs = rs, .rt = rt, .from = from, .page = rs->mem->page };
	size_t i;
	int r;

	f.huge = f.page * (f.page / 8); /* what one page of page table entries spans */
	f.may_collapse = rs->mem->may_collapse && !rt->mm->thp_disabled;

	progress_task(rs->progress, rt->pid, private_bytes(rt));
	r = fault_at(FAULT_RESTORE_PAGES);
	for (i = 0; i < rt->mem->n && r == 0; i++)
		if (rt->mem->v[i].at && rvma_is_private(&rt->mem->v[i]))
			r = fill_vma(&f, &rt->mem->v[i]);
	if (r == 0)
		r = flush(&f);
	if (f.buf)
		free(f.buf);
	pages_shut(rt->mem->pages);
	if (r < 0)
		return r;

	__atomic_fetch_add(&rs->stats->pages_compared, f.compared, __ATOMIC_RELAXED);
	__atomic_fetch_add(&rs->stats->pages_skipped_cow, f.equal, __ATOMIC_RELAXED);
	__atomic_fetch_add(&rs->stats->pages_restored, f.restored, __ATOMIC_RELAXED);
	return 0;
}
