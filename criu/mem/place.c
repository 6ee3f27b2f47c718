// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping a task's memory, in the task, while criu's own is still there. What is in the way
 * makes a mapping wait elsewhere (it is parked); the restorer moves it when criu is gone.
 */
#include <errno.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/fd/fd.h"
#include "criu/image/fault.h"
#include "criu/mem/mem.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"

/* The file of the mapping before: most are mapped in several pieces. */
struct open_file {
	int fd; /* -1: none */
	uint64_t id;
	uint32_t fdflags;
};

static int file_of(struct restore *rs, struct rtask *rt, const VmaEntry *e, struct open_file *f)
{
	if (!(e->status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED)))
		return -1;
	if (f->fd >= 0 && f->id == e->shmid && f->fdflags == e->fdflags)
		return f->fd;
	if (f->fd >= 0)
		close(f->fd);
	f->fd = fd_restore_open(rs, rt, (uint32_t)e->shmid, e->has_fdflags ? (int)e->fdflags : FD_FLAGS_RECORDED);
	f->id = e->shmid;
	f->fdflags = e->fdflags;
	return f->fd;
}

static int mmap_flags(const VmaEntry *e)
{
	uint32_t flags = e->flags & ~(uint32_t)(MAP_LOCKED | MAP_ANONYMOUS);

	/* The ring's place is held by ordinary memory with its content, until the restorer makes the ring. */
	if (e->status == VMA_AIORING)
		flags = MAP_PRIVATE;
	if (!(e->status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED)))
		flags |= MAP_ANONYMOUS;
	else
		flags &= ~(uint32_t)(MAP_HUGETLB | 0x3fu << 26 | MAP_GROWSDOWN); /* the file knows */
	return (int)flags;
}

static uint64_t alignment(const VmaEntry *e)
{
	uint32_t log = e->flags >> 26 & 0x3f;

	return e->flags & MAP_HUGETLB ? 1ull << (log ? log : 21) : 0;
}

static bool is_near_our_stack(const struct restore_mem *rm, const VmaEntry *e)
{
	return e->start < rm->stack_high && e->end > rm->stack_low;
}

static int map_with(struct restore *rs, struct rtask *rt, struct rvma *v, int fd, uint32_t prot)
{
	const VmaEntry *e = v->e;
	void *p = MAP_FAILED;

	if (!is_near_our_stack(rs->mem, e)) {
		p = mmap((void *)(uintptr_t)e->start, rvma_size(v), (int)prot, mmap_flags(e) | MAP_FIXED_NOREPLACE, fd,
			 (off_t)e->pgoff);
		if (p == MAP_FAILED && errno != EEXIST)
			return -errno;
		v->at = p == MAP_FAILED ? 0 : (uint64_t)(uintptr_t)p;
	}
	if (p == MAP_FAILED) {
		int r = hole_map(rs, rt->mem, rvma_size(v), alignment(e), (int)prot, mmap_flags(e), fd, e->pgoff, &v->at);

		if (r < 0)
			return r;
		pr_debug("pid %d: mapping %#" PRIx64 " waits at %#" PRIx64 "\n", rt->pid, e->start, v->at);
	}
	v->prot = prot;
	return 0;
}

/* Huge page advice matters while pages are filled in. */
static int advise_early(struct rtask *rt, struct rvma *v)
{
	static const int advices[] = { MADV_HUGEPAGE, MADV_NOHUGEPAGE };

	for (size_t i = 0; i < 2; i++) {
		uint64_t bit = 1ull << advices[i];

		if (!(v->e->madv & bit))
			continue;
		/* A kernel without transparent huge pages has no flag to keep: the restorer tells. */
		if (!madvise((void *)(uintptr_t)v->at, rvma_size(v), advices[i]))
			v->advised |= bit;
	}
	return 0;
}

static bool has_pages(const struct rtask_mem *m, const struct rvma *v)
{
	size_t first, last;

	if (!rvma_is_private(v))
		return false;
	rvma_runs(m, v, &first, &last);
	return first < last;
}

static int map_one(struct restore *rs, struct rtask *rt, struct rvma *v, struct open_file *file)
{
	bool pages = has_pages(rt->mem, v);
	int fd = file_of(rs, rt, v->e, file), r;

	if (fd < -1 || (fd < 0 && v->e->status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED)))
		return fd;
	r = fault_at(FAULT_RESTORE_MAP);
	if (r < 0)
		return r;
	/* What was never written stays as it was mapped: it does not count as memory that may be written. */
	r = map_with(rs, rt, v, fd, pages ? PROT_READ | PROT_WRITE : v->e->prot);
	if (r == -ENOMEM && pages)
		r = map_with(rs, rt, v, fd, v->e->prot);
	if (r < 0)
		return err_task(rt->pid, r, "map its %#" PRIx64 "-%#" PRIx64 "%s", v->e->start, v->e->end,
				r == -ENOMEM ? "; memory, vm.overcommit_memory or vm.max_map_count is too small" : "");
	return pages ? advise_early(rt, v) : 0;
}

static bool comes_later(const struct rtask_mem *m, const struct rvma *v)
{
	if (rvma_is_kernels(v))
		return true;
	return m->vdso_way == VDSO_SAME && (v == m->vdso || v == m->vvar);
}

static int map_all(struct restore *rs, struct rtask *rt)
{
	struct open_file file = { .fd = -1 };
	struct rtask_mem *m = rt->mem;
	size_t i;
	int r = 0;

	for (i = 0; i < m->n && r == 0; i++)
		if (!m->v[i].at && !comes_later(m, &m->v[i]))
			r = map_one(rs, rt, &m->v[i], &file);
	if (file.fd >= 0)
		close(file.fd);
	return r;
}

int mem_restore_place(struct restore *rs, struct rtask *rt)
{
	const struct rtask_mem *from = born_with(rt);
	int r;

	r = vdso_place(rs, rt);
	if (r == 0)
		r = pkeys_place(rt);
	if (r < 0)
		return r;
	if (from) {
		r = inherit_mappings(rs, rt, from);
		if (r < 0)
			return r;
	}
	r = map_all(rs, rt);
	if (r < 0)
		return r;
	r = fill_pages(rs, rt, from);
	if (r < 0)
		return r;
	return vdso_patch(rs, rt);
}
