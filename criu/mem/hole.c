// SPDX-License-Identifier: GPL-2.0-only
/*
 * Room between mappings: for the restorer, and for mappings whose final place is still ours. The
 * final layout is known from the images; what is mapped now the kernel tells by refusing
 * (MAP_FIXED_NOREPLACE).
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/mman.h>

#include "base/err.h"
#include "criu/image/fault.h"
#include "criu/mem/mem.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"

#define LOWEST (1ull << 20) /* above what vm.mmap_min_addr may forbid */
/* A new mapping must not stop a stack from growing (1 MiB is the kernel's own distance). */
#define MARGIN (4ull << 20)
#define TRIES  61
/* The kernel's own end of a 32-bit address space, with a page to spare. */
#define COMPAT_TOP 0xffffd000ull

bool hole_is_taken(const struct rtask_mem *m, uint64_t start, uint64_t end)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->v[mid].e->end > start)
			high = mid;
		else
			low = mid + 1;
	}
	return low < m->n && m->v[low].e->start < end;
}

struct gap {
	uint64_t start, end;
};

static void keep_larger(struct gap *best, uint64_t start, uint64_t end)
{
	if (end > start && end - start > best->end - best->start)
		*best = (struct gap){ start, end };
}

/* The largest gap of the final layout. It is terabytes, except in small address spaces. */
static struct gap largest_gap(const struct rtask_mem *m)
{
	struct gap best = { 0, 0 };
	const uint64_t top = m->is_compat ? COMPAT_TOP : (1ull << 47) - (1ull << 30);
	uint64_t start = LOWEST;
	size_t i;

	for (i = 0; i < m->n && start < top; i++) {
		uint64_t end = m->v[i].e->start < top ? m->v[i].e->start : top;

		keep_larger(&best, start, end > MARGIN ? end - MARGIN : 0);
		if (m->v[i].e->end + MARGIN > start)
			start = m->v[i].e->end + MARGIN;
	}
	keep_larger(&best, start, top);
	return best;
}

int hole_map(struct restore *rs, const struct rtask_mem *m, uint64_t size, uint64_t align, int prot, int flags,
	     int fd, uint64_t off, uint64_t *ret_addr)
{
	struct gap g = largest_gap(m);
	uint64_t room = g.end - g.start, addr;
	void *p;
	int i;

	align = align ? align : rs->mem->page;
	if (size > room || room - size < align)
		return -ENOMEM;
	/* From the middle, in growing steps: criu's own mappings are at the ends. */
	for (i = 0; i < TRIES; i++) {
		uint64_t step = (room - size) / (TRIES + 1) * (uint64_t)((i + 1) / 2);

		addr = g.start + (room - size) / 2 + (i & 1 ? step : -step);
		addr &= ~(align - 1);
		if (addr < g.start)
			continue;
		p = mmap((void *)(uintptr_t)addr, size, prot, flags | MAP_FIXED_NOREPLACE, fd, (off_t)off);
		if (p != MAP_FAILED) {
			*ret_addr = addr;
			return 0;
		}
		if (errno != EEXIST)
			return -errno;
	}
	return -ENOMEM;
}

int mem_restore_find_hole(struct restore *rs, struct rtask *rt, size_t size, uint64_t *ret_addr)
{
	int r = fault_at(FAULT_RESTORE_HOLE);

	if (r < 0)
		return r;
	r = hole_map(rs, rt->mem, size, 0, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, ret_addr);
	if (r < 0)
		return err_task(rt->pid, r, "find %zu bytes that nothing of it occupies", size);
	/* Only tried: the caller maps it in its own way. */
	munmap((void *)(uintptr_t)*ret_addr, size);
	return 0;
}
