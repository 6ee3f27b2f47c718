// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pages of a task have to be saved: those of private mappings that are present or swapped out, are
 * anonymous (not the unchanged page of a file) and are not the kernel's zero page. A PTE marker
 * counts as swapped out for the kernel, so guard regions are told apart.
 */
#include "criu/mem/vma.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "criu/image/fault.h"
#include "criu/task/dump.h"
#include "kerndat/kernel_new.h"
#include "kerndat/kerndat.h"

/* Categories that kerndat has no use for. */
#define IS_FILE	   (1u << 2)
#define IS_SWAPPED (1u << 4)
#define IS_PFNZERO (1u << 5)
#define IS_HUGE	   (1u << 6)

#define REGIONS 1024

static int add_range(struct arena *a, struct mem_ranges *r, uint64_t start, uint64_t end, uint32_t flags, bool by_mem)
{
	struct mem_range *last = r->n ? &r->v[r->n - 1] : NULL, *more;

	if (last && last->end == start && last->flags == flags && last->by_mem == by_mem) {
		last->end = end;
		return 0;
	}
	if (r->n == r->room) {
		more = arena_array(a, r->room ? 2 * r->room : 64, sizeof(*more));
		if (!more)
			return -ENOMEM;
		if (r->n)
			memcpy(more, r->v, r->n * sizeof(*more));
		r->v = more;
		r->room = r->room ? 2 * r->room : 64;
	}
	r->v[r->n++] = (struct mem_range){ .start = start, .end = end, .flags = flags, .by_mem = by_mem };
	return 0;
}

/* Populated ranges come ascending; so do the mappings, which are walked along. */
struct scan {
	struct dump *d;
	struct task *t;
	struct task_mem *m;
	size_t at; /* the first mapping that may still get pages */
	int pagemap;
	uint64_t page;
};

/* Mappings before @upto that are saved whole. */
static int add_whole_before(struct scan *s, uint64_t upto)
{
	int r;

	while (s->at < s->m->n && s->m->vmas[s->at].e.end <= upto) {
		const struct vma *v = &s->m->vmas[s->at++];

		if (v->content != CONTENT_ALL)
			continue;
		r = add_range(s->d->arena, &s->m->pages, v->e.start, v->e.end, v->pages_flags, v->by_mem);
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_populated(struct scan *s, uint64_t start, uint64_t end)
{
	int r = 0;

	while (start < end && r >= 0) {
		const struct vma *v;
		uint64_t part;

		r = add_whole_before(s, start);
		if (r < 0 || s->at == s->m->n)
			return r;
		v = &s->m->vmas[s->at];
		if (start < v->e.start)
			start = v->e.start; /* of criu's own in the task */
		part = end < v->e.end ? end : v->e.end;
		if (start < part && v->content == CONTENT_PRIVATE)
			r = add_range(s->d->arena, &s->m->pages, start, part, v->pages_flags, v->by_mem);
		start = part;
		if (part < v->e.end)
			break;
		if (r >= 0)
			r = add_whole_before(s, v->e.end);
	}
	return r;
}

/* --- PAGEMAP_SCAN: the kernel looks through all mappings at once -------------------------------- */

static bool is_zero(const uint64_t *p, size_t bytes)
{
	for (size_t i = 0; i < bytes / sizeof(*p); i++)
		if (p[i])
			return false;
	return true;
}

/*
 * The huge zero page is not told apart (Linux 6.18): look into huge pages. One word in each
 * small page is asked for first, all of it only where these are zero.
 */
static int add_huge(struct scan *s, uint64_t start, uint64_t end)
{
	const uint64_t huge = 512 * s->page;
	autofree uint64_t *words = malloc(huge);
	struct iovec from[512], to;
	uint64_t next;
	int r = 0;

	if (!words)
		return -ENOMEM;
	for (; start < end && r >= 0; start = next) {
		size_t n;
		ssize_t got;
		bool zero;

		next = (start / huge + 1) * huge;
		next = next < end ? next : end;
		n = (next - start) / s->page;
		for (size_t i = 0; i < n; i++)
			from[i] = (struct iovec){ (void *)(uintptr_t)(start + i * s->page + 8 * i % s->page), sizeof(*words) };
		to = (struct iovec){ words, n * sizeof(*words) };
		got = process_vm_readv(s->t->pid, &to, 1, from, n, 0);
		zero = got == (ssize_t)(n * sizeof(*words)) && is_zero(words, n * sizeof(*words));
		if (zero) {
			to.iov_len = from[0].iov_len = next - start;
			from[0].iov_base = (void *)(uintptr_t)start;
			got = process_vm_readv(s->t->pid, &to, 1, from, 1, 0);
			zero = got == (ssize_t)(next - start) && is_zero(words, next - start);
		}
		/* What cannot be read here is left to fetching, which has more means. */
		if (!zero)
			r = add_populated(s, start, next);
	}
	return r;
}

static int add_region(struct scan *s, const struct k_page_region *g)
{
	if (g->categories & K_PAGE_IS_GUARD)
		return add_range(s->d->arena, &s->m->guards, g->start, g->end, 0, false);
	if (g->categories & IS_HUGE)
		return add_huge(s, g->start, g->end);
	return add_populated(s, g->start, g->end);
}

static int scan_all(struct scan *s, struct k_page_region *regions)
{
	const uint64_t end = s->m->n ? s->m->vmas[s->m->n - 1].e.end : 0;
	struct k_pm_scan_arg arg = {
		.size = sizeof(arg),
		.end = end > INT64_MAX ? s->m->vmas[s->m->n - 1].e.start : end,
		.vec = (uintptr_t)regions,
		.vec_len = REGIONS,
		.category_inverted = IS_FILE | IS_PFNZERO,
		.category_mask = IS_FILE | IS_PFNZERO,
		.category_anyof_mask = K_PAGE_IS_PRESENT | IS_SWAPPED,
		.return_mask = IS_HUGE,
	};
	int n, r;

	if (kerndat_has(s->d->kd, KD_PAGEMAP_SCAN_GUARD_PAGES))
		arg.return_mask |= K_PAGE_IS_GUARD;

	/* vsyscall lies above user space, where no scan goes. */
	for (size_t i = s->m->n; i && s->m->vmas[i - 1].e.status & VMA_VSYSCALL; i--)
		arg.end = i > 1 ? s->m->vmas[i - 2].e.end : 0;

	while (arg.start < arg.end) {
		n = neg_errno(ioctl(s->pagemap, K_PAGEMAP_SCAN_IOCTL, &arg));
		if (n < 0)
			return n;
		for (int i = 0; i < n; i++) {
			r = add_region(s, &regions[i]);
			if (r < 0)
				return r;
		}
		if (arg.walk_end <= arg.start)
			return -EBADMSG;
		arg.start = arg.walk_end;
	}
	return 0;
}

/* --- /proc/PID/pagemap: eight bytes a page ------------------------------------------------------ */

#define PM_PRESENT (1ull << 63)
#define PM_SWAPPED (1ull << 62)
#define PM_FILE	   (1ull << 61)
#define PM_GUARD   (1ull << 58) /* Linux 6.15 */
#define PM_FRAME   ((1ull << 55) - 1)

/* The frame of the zero page, by a page of our own that was only read. 0: the kernel keeps it to itself. */
static uint64_t zero_frame(uint64_t page)
{
	autofd int fd = neg_errno(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
	uint64_t entry = 0;
	char *p;

	if (fd < 0)
		return 0;
	p = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return 0;
	(void)*(volatile char *)p;
	if (io_pread(fd, &entry, sizeof(entry), (off_t)((uintptr_t)p / page * sizeof(entry))) < 0)
		entry = 0;
	munmap(p, page);
	return entry & PM_FRAME;
}

static int scan_vma(struct scan *s, const struct vma *v, uint64_t zero, uint64_t *buf, size_t room)
{
	uint64_t at, n;
	int r;

	for (at = v->e.start; at < v->e.end; at += n * s->page) {
		n = (v->e.end - at) / s->page;
		n = n < room ? n : room;
		r = io_pread(s->pagemap, buf, n * sizeof(*buf), (off_t)(at / s->page * sizeof(*buf)));
		if (r < 0)
			return r;
		for (uint64_t i = 0; i < n; i++) {
			uint64_t addr = at + i * s->page;

			if (buf[i] & PM_GUARD && !(buf[i] & PM_PRESENT))
				r = add_range(s->d->arena, &s->m->guards, addr, addr + s->page, 0, false);
			else if (buf[i] & (PM_PRESENT | PM_SWAPPED) && !(buf[i] & PM_FILE) &&
				 (!zero || (buf[i] & PM_FRAME) != zero))
				r = add_populated(s, addr, addr + s->page);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int scan_each(struct scan *s, uint64_t *buf, size_t room)
{
	uint64_t zero = zero_frame(s->page);
	int r;

	for (size_t i = 0; i < s->m->n; i++) {
		const struct vma *v = &s->m->vmas[i];

		/* A guard region has no page that smaps counts. */
		if (v->content != CONTENT_PRIVATE || (!v->anon && v->e.end - v->e.start > (1ull << 30)))
			continue;
		r = scan_vma(s, v, zero, buf, room);
		if (r < 0)
			return r;
	}
	return 0;
}

int mem_scan(struct dump *d, struct task *t)
{
	struct scan s = { .d = d, .t = t, .m = t->mem, .page = (uint64_t)sysconf(_SC_PAGESIZE) };
	const size_t room = REGIONS * sizeof(struct k_page_region);
	autofree void *buf = malloc(room);
	autofd int fd = -1;
	int r;

	if (!buf)
		return -ENOMEM;
	r = fault_at(FAULT_DUMP_PAGES_SCAN);
	if (r < 0)
		return r;
	s.pagemap = fd = neg_errno(openat(t->proc, "pagemap", O_RDONLY | O_CLOEXEC));
	if (fd < 0)
		return err_task(t->pid, fd, "open its pagemap");

	if (kerndat_way(d->kd, WAY_PAGES_POPULATED) == BY_PAGEMAP_SCAN)
		r = scan_all(&s, buf);
	else
		r = scan_each(&s, buf, room / sizeof(uint64_t));
	if (r >= 0)
		r = add_whole_before(&s, UINT64_MAX);
	if (r < 0)
		return err_task(t->pid, r, "find its populated pages");
	t->mem->scanned = true;
	return 0;
}
