/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/needs.h"

#include <sys/mman.h>

#include "arch/arch.h"
#include "criu/fd/fd.h"
#include "criu/mem/vma.h"
#include "criu/ns/time.h"
#include "criu/task/restore.h"
#include "proto/core.pb-c.h"
#include "proto/fdinfo.pb-c.h"

static bool any_task(const struct restore *rs, bool (*is)(const struct rtask *rt))
{
	for (size_t i = 0; i < rs->n_tasks; i++)
		if (rtask_is_live(rs->tasks[i]) && is(rs->tasks[i]))
			return true;
	return false;
}

static bool any_thread(const struct restore *rs, bool (*is)(const struct ThreadCoreEntry *tc))
{
	for (size_t i = 0; i < rs->n_tasks; i++)
		for (size_t k = 0; rtask_is_live(rs->tasks[i]) && k < rs->tasks[i]->n_threads; k++)
			if (is(rs->tasks[i]->threads[k].core->thread_core))
				return true;
	return false;
}

static bool any_vma(const struct restore *rs, bool (*is)(const VmaEntry *e))
{
	for (size_t i = 0; i < rs->n_tasks; i++)
		for (size_t k = 0; rs->tasks[i]->mm && k < rs->tasks[i]->mm->n_vmas; k++)
			if (is(rs->tasks[i]->mm->vmas[k]))
				return true;
	return false;
}

static bool is_vdso(const VmaEntry *e)
{
	return e->status & VMA_VDSO;
}

static bool is_guard(const VmaEntry *e)
{
	return e->status & VMA_GUARD;
}

static bool is_droppable(const VmaEntry *e)
{
	return e->flags & MAP_DROPPABLE;
}

/* Droppable ones come with it. */
static bool is_wiped(const VmaEntry *e)
{
	return e->madv >> MADV_WIPEONFORK & 1 && !is_droppable(e);
}

static bool is_aio(const VmaEntry *e)
{
	return e->status & VMA_AIORING;
}

static bool task_has_pending(const struct rtask *rt)
{
	return rt->core->tc->signals_s && rt->core->tc->signals_s->n_signals;
}

static bool thread_has_pending(const struct ThreadCoreEntry *tc)
{
	return tc->signals_p && tc->signals_p->n_signals;
}

static bool task_has_membarrier(const struct rtask *rt)
{
	return rt->core->tc->membarrier_registration_mask;
}

static bool thread_has_rseq(const struct ThreadCoreEntry *tc)
{
	return tc->rseq_entry && tc->rseq_entry->rseq_abi_pointer;
}

static bool needs_any(const struct restore *rs)
{
	return true;
}

static bool task_is_compat(const struct rtask *rt)
{
	return arch_image_is_compat(rt->core);
}

static bool needs_compat(const struct restore *rs)
{
	return any_task(rs, task_is_compat);
}

static bool needs_vdso(const struct restore *rs)
{
	return any_vma(rs, is_vdso);
}

static bool needs_fetching(const struct restore *rs)
{
	return fd_restore_fetches(rs);
}

static bool needs_pending(const struct restore *rs)
{
	return any_task(rs, task_has_pending) || any_thread(rs, thread_has_pending);
}

static bool needs_seccomp(const struct restore *rs)
{
	return rs->has_seccomp;
}

static bool needs_rseq(const struct restore *rs)
{
	return any_thread(rs, thread_has_rseq);
}

static bool needs_membarrier(const struct restore *rs)
{
	return any_task(rs, task_has_membarrier);
}

static bool needs_timerfd(const struct restore *rs)
{
	return fd_restore_has_type(rs, FD_TYPES__TIMERFD);
}

static bool needs_memfd(const struct restore *rs)
{
	return fd_restore_has_type(rs, FD_TYPES__MEMFD);
}

static bool needs_guards(const struct restore *rs)
{
	return any_vma(rs, is_guard);
}

static bool needs_droppable(const struct restore *rs)
{
	return any_vma(rs, is_droppable);
}

static bool needs_wipeonfork(const struct restore *rs)
{
	return any_vma(rs, is_wiped);
}

static bool needs_own_time(const struct restore *rs)
{
	return time_is_own(rs);
}

static bool needs_aio(const struct restore *rs)
{
	return any_vma(rs, is_aio);
}

const struct image_need image_needs[] = {
#define NEED(is, what, row, or_row) { needs_##is, what, row, or_row },
#include "criu/flow/needs_table.h"
#undef NEED
};

const size_t image_needs_n = sizeof(image_needs) / sizeof(image_needs[0]);
