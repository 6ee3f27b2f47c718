// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a child has from its parent by fork. Where the images show the same mapping in both, it is kept
 * and its pages stay shared, copy-on-write, as they were; everything else of the parent's is
 * unmapped. A mapping of the parent may serve in pieces, for children unmap, split and grow.
 */
#include <errno.h>
#include <sys/mman.h>

#include "base/err.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"

/* What is left of a parent's mapping. */
struct piece {
	const struct rvma *v;
	uint64_t start, end, at;
};

static void *ptr(uint64_t addr)
{
	return (void *)(uintptr_t)addr;
}

/* The first bytes up to @to are of no use to the child. */
static int drop_head(const struct rtask *rt, struct piece *p, uint64_t to)
{
	uint64_t n = (to < p->end ? to : p->end) - p->start;

	if (n && p->at && munmap(ptr(p->at), n) < 0)
		return err_task(rt->pid, -errno, "unmap what its parent has at %#llx", (unsigned long long)p->start);
	p->start += n;
	p->at += p->at ? n : 0;
	return 0;
}

static bool is_same_kind(const struct piece *p, const VmaEntry *c)
{
	const VmaEntry *e = p->v->e;

	if (!p->at || (e->status & ~(uint32_t)VMA_HEAP) != (c->status & ~(uint32_t)VMA_HEAP) ||
	    e->status == VMA_AIORING || e->status & (VMA_VVAR | VMA_VDSO))
		return false;
	/* Locks are set by the restorer, and advice that is in force cannot always be taken back. */
	if ((e->flags ^ c->flags) & ~(uint32_t)MAP_LOCKED || p->v->advised & ~c->madv)
		return false;
	if (!(e->status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED)))
		return true;
	return e->shmid == c->shmid && e->fdflags == c->fdflags &&
	       e->pgoff + (p->start - e->start) == c->pgoff;
}

/* The child's mapping is longer: let it grow where it is, if nothing is in the way. */
static bool grow(struct piece *p, uint64_t end)
{
	if (mremap(ptr(p->at), p->end - p->start, end - p->start, 0) == MAP_FAILED)
		return false;
	p->end = end;
	return true;
}

/*
 * Parked pieces lie where the parent's layout has nothing; the child may need that very place.
 * Its final place is then taken too, by criu, or it would not have been parked.
 */
static int repark(struct restore *rs, struct rtask *rt, struct rvma *v)
{
	uint64_t size = rvma_size(v), to;
	int r;

	if (v->at == v->e->start || !hole_is_taken(rt->mem, v->at, v->at + size))
		return 0;
	r = hole_map(rs, rt->mem, size, 0, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, &to);
	if (r < 0)
		return err_task(rt->pid, r, "find room for a mapping");
	if (mremap(ptr(v->at), size, size, MREMAP_MAYMOVE | MREMAP_FIXED, ptr(to)) == MAP_FAILED)
		return err_task(rt->pid, -errno, "move a mapping");
	v->at = to;
	return 0;
}

static void take(struct piece *p, struct rvma *c)
{
	c->at = p->at;
	c->prot = p->v->prot;
	c->advised = p->v->advised;
	c->inherited = true;
	p->start += rvma_size(c);
	p->at += rvma_size(c);
}

/* All that the parent has below the end of @c goes to @c or away. */
static int inherit_one(struct restore *rs, struct rtask *rt, const struct rtask_mem *from, size_t *next,
		       struct piece *p, struct rvma *c)
{
	int r;

	for (;;) {
		if (p->start == p->end) {
			if (*next == from->n)
				return 0;
			*p = (struct piece){ &from->v[*next], from->v[*next].e->start, from->v[*next].e->end, from->v[*next].at };
			++*next;
		}
		if (p->start >= c->e->end)
			return 0;
		if (p->start < c->e->start) {
			r = drop_head(rt, p, c->e->start);
			if (r < 0)
				return r;
			continue;
		}
		if (!c->at && p->start == c->e->start && is_same_kind(p, c->e) &&
		    (p->end >= c->e->end || grow(p, c->e->end))) {
			take(p, c);
			return repark(rs, rt, c);
		}
		r = drop_head(rt, p, c->e->end);
		if (r < 0)
			return r;
	}
}

int inherit_mappings(struct restore *rs, struct rtask *rt, const struct rtask_mem *from)
{
	struct piece p = { 0 };
	size_t next = 0, i;
	int r;

	for (i = 0; i < rt->mem->n; i++) {
		struct rvma *c = &rt->mem->v[i];

		if (rvma_is_kernels(c))
			continue;
		r = inherit_one(rs, rt, from, &next, &p, c);
		if (r < 0)
			return r;
	}
	/* Behind the child's last mapping. */
	for (;;) {
		r = drop_head(rt, &p, p.end);
		if (r < 0 || next == from->n)
			return r;
		p = (struct piece){ &from->v[next], from->v[next].e->start, from->v[next].e->end, from->v[next].at };
		next++;
	}
}
