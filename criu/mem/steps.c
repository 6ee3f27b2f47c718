// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is left to do to a task's memory when criu's own can go: the list of steps that the
 * restorer works through (criu/inside/restorer/mem.c), in the order the kernel wants it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/image/fault.h"
#include "criu/inside/pkeys.h"
#include "criu/inside/restorer.h"
#include "criu/mem/mem.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"

struct range {
	uint64_t start, end;
};

struct steps {
	struct restorer_mem_step *v;
	size_t n, room;
};

/* Advice that is given by number and whose order does not matter. */
static const int advices[] = { MADV_RANDOM,	MADV_SEQUENTIAL, MADV_DONTFORK,	  MADV_MERGEABLE,
			       MADV_HUGEPAGE,	MADV_NOHUGEPAGE, MADV_DONTDUMP,	  MADV_WIPEONFORK };
#define N_ADVICES (sizeof(advices) / sizeof(advices[0]))

/* A gap before it, a move, a lock, a protection, an aio ring; what is not bound to a mapping. */
#define STEPS_A_VMA (5 + N_ADVICES)
#define STEPS_MORE  (4 * VDSO_PARTS + PKEYS_MAX + 8)

static size_t steps_room(const struct rtask_mem *m)
{
	return m->n * STEPS_A_VMA + m->n_guards + STEPS_MORE;
}

/* What must outlive the clearing, one range each. */
static size_t kept_room(const struct rtask_mem *m)
{
	return m->n + VDSO_PARTS + 1;
}

size_t mem_restore_args_size(const struct restore *rs, const struct rtask *rt)
{
	return steps_room(rt->mem) * sizeof(struct restorer_mem_step) + kept_room(rt->mem) * sizeof(struct range) + 64;
}

static void add(struct steps *s, enum restorer_mem_what what, uint64_t addr, uint64_t size, uint64_t arg)
{
	/* A list that is too short is our own bug; steps_room() knows all there can be. */
	if (s->n == s->room)
		abort();
	s->v[s->n++] = (struct restorer_mem_step){ .what = what, .addr = addr, .size = size, .arg = arg };
}

/* --- everything else goes ------------------------------------------------------------------------ */

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/*
 * What must outlive the clearing: where mappings are now, the restorer, the host's vdso. The list is made beside the restorer's
 * arguments: memory of malloc() would be more pages that this task alone touches.
 */
static int list_kept(const struct rtask_mem *m, struct restorer_args *args, struct range **ret_v, size_t *ret_n)
{
	const struct vdso_host *h = m->host;
	struct range *v = restorer_alloc(args, kept_room(m) * sizeof(*v));
	size_t n = 0, i;

	if (!v)
		return -ENOMEM;
	for (i = 0; i < m->n; i++)
		if (m->v[i].at)
			v[n++] = (struct range){ m->v[i].at, m->v[i].at + rvma_size(&m->v[i]) };
	for (i = 0; i < h->n && m->vdso_way != VDSO_NONE && !m->is_compat; i++)
		v[n++] = (struct range){ h->parts[i].start, h->parts[i].end };
	v[n++] = (struct range){ args->base, args->base + args->size };
	qsort(v, n, sizeof(*v), by_start);
	*ret_v = v;
	*ret_n = n;
	return 0;
}

static void add_clearing(struct restore *rs, const struct range *kept, size_t n, struct steps *s)
{
	uint64_t at = rs->mem->page; /* nobody maps page 0 */
	size_t i;

	for (i = 0; i < n; i++) {
		if (kept[i].start > at && at < rs->mem->top)
			add(s, RMEM_UNMAP, at, (kept[i].start < rs->mem->top ? kept[i].start : rs->mem->top) - at, 0);
		at = kept[i].end > at ? kept[i].end : at;
	}
	if (at < rs->mem->top)
		add(s, RMEM_UNMAP, at, rs->mem->top - at, 0);
}

/* --- the vdso ------------------------------------------------------------------------------------- */

/* Move all parts so that the first one is at @to; a 32-bit one is made there. Ranges that overlap go by way of the restorer's hole. */
static int add_vdso_moves(struct restore *rs, struct rtask *rt, uint64_t to, struct steps *s)
{
	const struct vdso_host *h = rt->mem->host;
	const uint64_t from = h->parts[0].start, size = h->parts[h->n - 1].end - from;
	uint64_t by = from;
	size_t i;
	int r;

	if (rt->mem->is_compat) {
		add(s, RMEM_COMPAT_VDSO, to, size, 0);
		return 0;
	}
	if (to == from)
		return 0;
	if (to < from + size && from < to + size) {
		r = hole_map(rs, rt->mem, size, 0, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, &by);
		if (r < 0)
			return err_task(rt->pid, r, "find room for the vdso");
		/* It was found free; the restorer's clearing takes this reservation away again. */
		for (i = 0; i < h->n; i++)
			add(s, RMEM_MOVE, h->parts[i].start, h->parts[i].end - h->parts[i].start, h->parts[i].start - from + by);
	}
	for (i = 0; i < h->n; i++)
		add(s, RMEM_MOVE, h->parts[i].start - from + by, h->parts[i].end - h->parts[i].start,
		    h->parts[i].start - from + to);
	return 0;
}

static int add_vdso(struct restore *rs, struct rtask *rt, struct steps *s)
{
	const struct rtask_mem *m = rt->mem;

	switch (m->vdso_way) {
	case VDSO_NONE:
		return 0;
	case VDSO_SAME:
		return add_vdso_moves(rs, rt, (m->vvar ? m->vvar : m->vdso)->e->start, s);
	case VDSO_PROXY:
		return add_vdso_moves(rs, rt, m->vdso_host_at, s);
	}
	return -EINVAL;
}

/* --- the mappings ----------------------------------------------------------------------------------- */

/* Not all of it can be populated: nobody may read it, or its file is shorter. */
static bool may_stay_empty(const struct rvma *v)
{
	return !(v->prot & PROT_READ) || v->e->status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED);
}

static void add_mapping(const struct rvma *v, struct steps *s)
{
	const VmaEntry *e = v->e;
	/* These two come with MAP_DROPPABLE, and cannot be asked for there. */
	const uint64_t implied = e->flags & MAP_DROPPABLE ? 1ull << MADV_WIPEONFORK | 1ull << MADV_DONTDUMP : 0;
	size_t i;

	/* Locking populates: before the protection forbids it. */
	if (e->flags & MAP_LOCKED && e->status != VMA_AIORING)
		add(s, RMEM_LOCK, e->start, rvma_size(v), may_stay_empty(v));
	if ((v->prot != e->prot || e->pkey) && e->status != VMA_AIORING) {
		add(s, RMEM_PROTECT, e->start, rvma_size(v), e->prot);
		s->v[s->n - 1].pkey = e->pkey;
	}
	for (i = 0; i < N_ADVICES && e->madv; i++)
		if (e->madv & ~v->advised & ~implied & 1ull << advices[i])
			add(s, RMEM_ADVISE, e->start, rvma_size(v), (uint64_t)advices[i]);
}

static uint32_t nr_req_of(const MmEntry *mm, uint64_t start)
{
	for (size_t i = 0; i < mm->n_aios; i++)
		if (mm->aios[i]->id == start)
			return mm->aios[i]->nr_req;
	return 0;
}

static void add_mappings(const struct rtask *rt, struct steps *s)
{
	const struct rtask_mem *m = rt->mem;
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->v[i].at && m->v[i].at != m->v[i].e->start)
			add(s, RMEM_MOVE, m->v[i].at, rvma_size(&m->v[i]), m->v[i].e->start);
	for (i = 0; i < m->n; i++)
		if (m->v[i].at)
			add_mapping(&m->v[i], s);
	for (i = 0; i < m->n_guards; i++)
		add(s, RMEM_ADVISE, m->guards[i]->start, m->guards[i]->end - m->guards[i]->start, MADV_GUARD_INSTALL);
	for (uint32_t key = 1; key < PKEYS_MAX; key++)
		if (m->pkeys & ~rt->mm->pkeys & 1u << key)
			add(s, RMEM_FREE_PKEY, key, 0, key);
	/* Last: the kernel chooses where a ring is made, and now all other places are taken. */
	for (i = 0; i < m->n; i++)
		if (m->v[i].e->status == VMA_AIORING)
			add(s, RMEM_AIO, m->v[i].e->start, rvma_size(&m->v[i]), nr_req_of(rt->mm, m->v[i].e->start));
}

static int fill_mm(struct restore *rs, struct rtask *rt, struct restorer_mem *m)
{
	const MmEntry *mm = rt->mm;

	m->map = (struct prctl_mm_map){
		.start_code = mm->mm_start_code,
		.end_code = mm->mm_end_code,
		.start_data = mm->mm_start_data,
		.end_data = mm->mm_end_data,
		.start_brk = mm->mm_start_brk,
		.brk = mm->mm_brk,
		.start_stack = mm->mm_start_stack,
		.arg_start = mm->mm_arg_start,
		.arg_end = mm->mm_arg_end,
		.env_start = mm->mm_env_start,
		.env_end = mm->mm_env_end,
	};
	for (size_t i = 0; i < mm->n_mm_saved_auxv; i++)
		m->auxv[i] = mm->mm_saved_auxv[i];
	m->n_auxv = (uint32_t)mm->n_mm_saved_auxv;
	m->thp_disable = mm->has_thp_disabled && mm->thp_disabled;
	m->map.exe_fd = (uint32_t)fd_restore_open(rs, rt, mm->exe_file_id, O_RDONLY);
	return (int32_t)m->map.exe_fd < 0 ? (int32_t)m->map.exe_fd : 0;
}

int mem_restore_args(struct restore *rs, struct rtask *rt, struct restorer_args *args)
{
	struct steps s = { .room = steps_room(rt->mem) };
	struct range *kept = NULL;
	size_t n_kept = 0;
	int r;

	r = fault_at(FAULT_RESTORE_MM_STEPS);
	if (r == 0)
		r = list_kept(rt->mem, args, &kept, &n_kept);
	if (r < 0)
		return r;
	s.v = restorer_alloc(args, s.room * sizeof(*s.v));
	if (!s.v)
		return err_task(rt->pid, -ENOMEM, "list what is to be done to its memory");
	add_clearing(rs, kept, n_kept, &s);
	r = add_vdso(rs, rt, &s);
	if (r < 0)
		return r;
	add_mappings(rt, &s);

	args->mem.steps = (uint64_t)(uintptr_t)s.v;
	args->mem.n_steps = (uint32_t)s.n;
	pr_debug("pid %d: %zu memory steps for the restorer\n", rt->pid, s.n);
	return fill_mm(rs, rt, &args->mem);
}
