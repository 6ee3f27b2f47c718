// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a task's memory images: every number is checked against the others here, before
 * anything is created, so that the rest of restore can rely on them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/image/image.h"
#include "criu/inside/restorer_mem.h"
#include "criu/mem/mem.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"
#include "kerndat/kerndat.h"
#include "proto/core.pb-c.h"

/* Above any user address there can be; the kernel itself refuses what is too high for it. */
#define ADDR_END (1ull << 56)

#define FLAGS_KNOWN                                                                                \
	(MAP_SHARED | MAP_PRIVATE | MAP_DROPPABLE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_LOCKED | \
	 MAP_NORESERVE | MAP_HUGETLB | 0x3fu << 26)

static int bad_vma(const struct rtask *rt, const VmaEntry *e, const char *why)
{
	return err_task(rt->pid, -EINVAL, "use its mapping %#" PRIx64 "-%#" PRIx64 ": %s", e->start, e->end, why);
}

static int refuse_vma(const struct rtask *rt, const VmaEntry *e, const char *what)
{
	return refuse_task(rt->pid, -EOPNOTSUPP, "restore its mapping %#" PRIx64 "-%#" PRIx64 ", %s", e->start, e->end, what);
}

/* The kinds of mappings: exactly one of them. */
static int check_kind(const struct rtask *rt, const VmaEntry *e)
{
	const uint32_t kind = e->status & ~(uint32_t)(VMA_REGULAR | VMA_HEAP | 1u << 1 | VMA_MEMFD | VMA_VDSO | VMA_VVAR | VMA_VSYSCALL);

	if (e->status & VMA_SYSVIPC)
		return refuse_vma(rt, e, "a System V segment");
	if (e->status & VMA_SHSTK)
		return refuse_vma(rt, e, "a shadow stack");
	if (e->status & VMA_SOCKET)
		return refuse_vma(rt, e, "the ring of a packet socket");
	if (e->status & VMA_EXT_PLUGIN)
		return refuse_vma(rt, e, "memory of a device; it needs the plugin that saved it");
	if (kind == VMA_ANON_SHARED)
		return refuse_vma(rt, e, "shared memory that was dumped without access to /proc/PID/map_files");
	if (e->status == VMA_AIORING)
		return 0;
	if (kind != VMA_ANON_PRIVATE && kind != VMA_FILE_PRIVATE && kind != VMA_FILE_SHARED)
		return bad_vma(rt, e, "its kind is not known");
	if (!(e->status & (VMA_REGULAR | VMA_VSYSCALL)))
		return bad_vma(rt, e, "its kind is not known");
	if (kind != VMA_ANON_PRIVATE && e->status & (VMA_VDSO | VMA_VVAR | VMA_HEAP))
		return bad_vma(rt, e, "it is of two kinds");
	return 0;
}

static int check_flags(const struct rtask *rt, const VmaEntry *e)
{
	const bool shared = e->flags & MAP_SHARED, file = e->status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED);

	if (e->flags & ~FLAGS_KNOWN || e->prot & ~7u)
		return bad_vma(rt, e, "its flags make no sense");
	if (e->flags & MAP_DROPPABLE && e->flags & (MAP_SHARED | MAP_PRIVATE))
		return bad_vma(rt, e, "its flags make no sense");
	if (e->status != VMA_AIORING && shared != !!(e->status & VMA_FILE_SHARED))
		return bad_vma(rt, e, "it is both shared and private");
	if (file && (e->shmid > UINT32_MAX || e->pgoff > INT64_MAX - (e->end - e->start)))
		return bad_vma(rt, e, "its place in a file makes no sense");
	if (e->has_fdflags && e->fdflags & ~3u)
		return bad_vma(rt, e, "its open flags make no sense");
	return 0;
}

static int check_vma(const struct restore_mem *rm, const struct rtask *rt, const VmaEntry *e, uint64_t last)
{
	int r;

	if ((e->start | e->end | e->pgoff) & (rm->page - 1))
		return bad_vma(rt, e, "it does not begin and end on a page");
	if (e->start >= e->end || (e->end > ADDR_END && !(e->status & VMA_VSYSCALL)))
		return bad_vma(rt, e, "its addresses make no sense");
	if (e->start < last)
		return bad_vma(rt, e, "it is not behind the one before it");
	if (e->status & VMA_VSYSCALL)
		return 0;
	r = check_kind(rt, e);
	return r < 0 ? r : check_flags(rt, e);
}

/* Is [start, end) mapped without a gap by mappings that may hold pages or guards? */
static bool is_covered(const struct rtask_mem *m, uint64_t start, uint64_t end)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->v[mid].e->end > start)
			high = mid;
		else
			low = mid + 1;
	}
	for (; start < end; low++) {
		if (low == m->n || m->v[low].e->start > start || !rvma_is_private(&m->v[low]))
			return false;
		start = m->v[low].e->end;
	}
	return true;
}

static int check_guard(const struct restore_mem *rm, const struct rtask *rt, const struct rtask_mem *m, const VmaEntry *e)
{
	if ((e->start | e->end) & (rm->page - 1) || e->start >= e->end)
		return bad_vma(rt, e, "it does not begin and end on a page");
	if (!is_covered(m, e->start, e->end))
		return bad_vma(rt, e, "it guards what is not mapped");
	return 0;
}

/* Where /proc/PID/maps shows the vdso is where the kernel's own are; there can be but one. */
static int note_vdso(const struct rtask *rt, struct rtask_mem *m, struct rvma *v)
{
	struct rvma **slot = v->e->status & VMA_VDSO ? &m->vdso : v->e->status & VMA_VVAR ? &m->vvar : NULL;

	if (!slot)
		return 0;
	if (*slot)
		return bad_vma(rt, v->e, "there is one more of it");
	*slot = v;
	return 0;
}

static int read_vmas(struct restore *rs, struct rtask *rt, struct rtask_mem *m)
{
	const MmEntry *mm = rt->mm;
	uint64_t last = 0;
	size_t i;
	int r;

	m->v = arena_array(rs->arena, mm->n_vmas + 1, sizeof(*m->v));
	m->guards = arena_array(rs->arena, mm->n_vmas + 1, sizeof(*m->guards));
	if (!m->v || !m->guards)
		return -ENOMEM;

	for (i = 0; i < mm->n_vmas; i++) {
		const VmaEntry *e = mm->vmas[i];

		if (e->status & VMA_GUARD) {
			m->guards[m->n_guards++] = e;
			continue;
		}
		r = check_vma(rs->mem, rt, e, last);
		if (r < 0)
			return r;
		last = e->end;
		m->v[m->n] = (struct rvma){ .e = e };
		r = note_vdso(rt, m, &m->v[m->n++]);
		if (r < 0)
			return r;
	}
	for (i = 0; i < m->n_guards; i++) {
		r = check_guard(rs->mem, rt, m, m->guards[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_pages(const struct rtask *rt, const struct rtask_mem *m)
{
	size_t n, i;
	const struct pages_run *runs = pages_runs(m->pages, &n);

	for (i = 0; i < n; i++) {
		if (!is_covered(m, runs[i].start, runs[i].end))
			return err_task(rt->pid, -EINVAL, "use its pages %#" PRIx64 "-%#" PRIx64 ": they are not in a private mapping",
					runs[i].start, runs[i].end);
		if (runs[i].lazy)
			return refuse_task(rt->pid, -EOPNOTSUPP,
					   "restore its page %#" PRIx64 ", which is not stored; a page server has it (--lazy-pages)", runs[i].start);
	}
	return 0;
}

static const AioRingEntry *aio_of(const MmEntry *mm, uint64_t start)
{
	for (size_t i = 0; i < mm->n_aios; i++)
		if (mm->aios[i]->id == start)
			return mm->aios[i];
	return NULL;
}

static int check_aios(const struct rtask *rt, const struct rtask_mem *m)
{
	for (size_t i = 0; i < m->n; i++) {
		const VmaEntry *e = m->v[i].e;
		const AioRingEntry *aio;

		if (e->status != VMA_AIORING)
			continue;
		aio = aio_of(rt->mm, e->start);
		if (!aio || aio->ring_len != e->end - e->start || !aio->nr_req)
			return bad_vma(rt, e, "no aio ring of this size belongs to it");
	}
	return 0;
}

static bool host_may_collapse(void)
{
	char text[64] = "";
	autofile FILE *f = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");

	return f && fgets(text, sizeof(text), f) && !strstr(text, "[never]");
}

static int look_at_host(struct restore *rs)
{
	struct restore_mem *rm = arena_obj(rs->arena, struct restore_mem);
	int r;

	if (!rm)
		return -ENOMEM;
	rm->page = (uint64_t)sysconf(_SC_PAGESIZE);
	rm->may_collapse = host_may_collapse();
	r = vdso_look(rm);
	if (r < 0)
		return r;
	rs->mem = rm;
	return 0;
}

/* A 32-bit process has addresses of 32 bits, and a vdso of its own kind. */
static int look_at_kind(struct restore *rs, struct rtask *rt, struct rtask_mem *m)
{
	int r;

	m->is_compat = arch_image_is_compat(rt->core);
	m->host = &rs->mem->vdso;
	/* Without 32-bit processes there is nothing to ask; tree_check() refuses it. */
	if (!m->is_compat || !kerndat_has(rs->kd, KD_COMPAT_CR))
		return 0;
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].e->end > 1ull << 32 && !(m->v[i].e->status & VMA_VSYSCALL))
			return bad_vma(rt, m->v[i].e, "a 32-bit process has nothing there");
	r = vdso_look_compat(rs);
	m->host = rs->mem->compat_vdso;
	return r;
}

int mem_restore_read(struct restore *rs, struct rtask *rt)
{
	struct rtask_mem *m = arena_obj(rs->arena, struct rtask_mem);
	int r;

	if (!m)
		return -ENOMEM;
	if (!rs->mem) {
		r = look_at_host(rs);
		if (r < 0)
			return r;
	}
	if (rt->mm->n_mm_saved_auxv > RESTORER_AUXV_WORDS)
		return err_task(rt->pid, -EINVAL, "use its auxv of %zu words", rt->mm->n_mm_saved_auxv);
	r = read_vmas(rs, rt, m);
	if (r < 0)
		return r;
	r = look_at_kind(rs, rt, m);
	if (r == 0)
		r = pkeys_read(rs, rt, m);
	if (r == 0)
		r = check_aios(rt, m);
	if (r < 0)
		return r;

	r = pages_open(rs->images, IMG_PAGEMAP, (uint64_t)rt->pid, &m->pages);
	if (r == -ENOENT)
		return err_task(rt->pid, r, "find its pagemap image");
	if (r < 0)
		return r;
	r = check_pages(rt, m);
	if (r == 0)
		r = vdso_choose(rs, rt, m);
	if (r < 0)
		return r;
	rt->mem = m;
	return 0;
}
