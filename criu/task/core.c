/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core-PID.img: one file a thread, made of what look_outside() and look_inside() have learned,
 * and of its registers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "compel/compel.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "proto/core.pb-c.h"

static void *alloc_in_arena(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

static void free_nothing(void *arena, void *p)
{
}

/* --- registers ------------------------------------------------------------------------------- */

static int registers_to_image(struct arena *a, const struct thread_look *th, CoreEntry *core)
{
	ProtobufCAllocator alloc = { alloc_in_arena, free_nothing, a };
	struct arch_thread at = {};
	const char *lost;
	int r = fault_at(FAULT_DUMP_REGISTERS);

	if (r < 0)
		return r;
	r = arch_thread_get(th->tid, &at);
	if (r < 0)
		return err_task(th->tid, r, "read its registers");
	/* The same, but for a restartable sequence: the kernel would abort it before going on. */
	at.regs = th->thread->regs;
	at.clear_tid_addr = th->inside.clear_tid_addr;

	lost = arch_fpu_not_in_image(at.fpu);
	r = lost ? refuse_task(th->tid, -ENOTSUP, "dump %s", lost) : arch_thread_to_image(&at, core, &alloc);
	arch_thread_free(&at);
	return r;
}

/* --- what is of a thread --------------------------------------------------------------------- */

static int rseq_to_image(struct arena *a, const struct thread_look *th, ThreadCoreEntry *tc)
{
	const struct victim_thread *vt = th->thread;
	RseqEntry *m;

	if (!vt->has_rseq)
		return 0;
	m = image_new(a, RSEQ_ENTRY, RseqEntry);
	if (!m)
		return -ENOMEM;
	m->rseq_abi_pointer = vt->rseq.ptr;
	m->rseq_abi_size = vt->rseq.size;
	m->signature = vt->rseq.signature;
	tc->rseq_entry = m;
	return 0;
}

static int thread_to_image(struct arena *a, const struct thread_look *th, bool is_leader, CoreEntry *core)
{
	ThreadCoreEntry *tc = image_new(a, THREAD_CORE_ENTRY, ThreadCoreEntry);
	int r;

	if (!tc)
		return -ENOMEM;
	core->thread_core = tc;

	tc->futex_rla = th->robust_list;
	tc->futex_rla_len = th->robust_list_size;
	tc->comm = (char *)th->status.comm;
	if (th->cg_set) {
		tc->has_cg_set = true;
		tc->cg_set = th->cg_set;
	}
	if (!is_leader) {
		tc->has_blk_sigset = true;
		tc->blk_sigset = th->thread->sigmask;
	}
	sched_to_image(th, tc);
	seccomp_to_image(th, tc);
	r = signals_thread_to_image(a, th, tc);
	if (r == 0)
		r = creds_to_image(a, th, tc);
	if (r == 0)
		r = rseq_to_image(a, th, tc);
	if (r == 0)
		r = registers_to_image(a, th, core);
	return r;
}

/* --- what is of the process ------------------------------------------------------------------ */

static TaskCoreEntry *new_task_core(struct arena *a, const struct task *t)
{
	TaskCoreEntry *tc = image_new(a, TASK_CORE_ENTRY, TaskCoreEntry);

	if (!tc)
		return NULL;
	tc->task_state = t->state;
	tc->flags = t->look->stat.flags;
	tc->comm = (char *)t->look->stat.comm;
	tc->exit_code = (uint32_t)t->exit_code;
	return tc;
}

static int task_to_image(struct arena *a, const struct task *t, CoreEntry *core)
{
	const struct task_look *l = t->look;
	TaskCoreEntry *tc = new_task_core(a, t);
	int r;

	if (!tc)
		return -ENOMEM;
	core->tc = tc;
	tc->personality = l->personality;
	tc->blk_sigset = l->threads[0].thread->sigmask;
	tc->has_loginuid = l->has_loginuid;
	tc->loginuid = l->loginuid;
	tc->has_oom_score_adj = l->has_oom_score_adj;
	tc->oom_score_adj = l->oom_score_adj;
	tc->has_child_subreaper = true;
	tc->child_subreaper = l->inside.child_subreaper;
	if (l->inside.membarrier) {
		tc->has_membarrier_registration_mask = true;
		tc->membarrier_registration_mask = l->inside.membarrier;
	}
	r = timers_to_image(a, l, tc);
	if (r == 0)
		r = rlimits_to_image(a, l, tc);
	if (r == 0)
		r = signals_to_image(a, t, tc);
	return r;
}

/* --- the files ------------------------------------------------------------------------------- */

static int write_thread(struct dump *d, struct arena *a, struct task *t, size_t i)
{
	const struct thread_look *th = &t->look->threads[i];
	CoreEntry core = CORE_ENTRY__INIT;
	int r = thread_to_image(a, th, i == 0, &core);

	if (r == 0 && i == 0)
		r = task_to_image(a, t, &core);
	if (r < 0)
		return r;
	d->machine = core.mtype;
	return image_write_one(d->images, IMG_CORE, (uint64_t)th->vtid, &core.base);
}

static int write_zombie(struct dump *d, struct arena *a, struct task *t)
{
	CoreEntry core = CORE_ENTRY__INIT;

	/* The root lives and came first. */
	core.mtype = (CoreEntry__March)d->machine;
	core.tc = new_task_core(a, t);
	if (!core.tc)
		return -ENOMEM;
	return image_write_one(d->images, IMG_CORE, (uint64_t)t->vpid, &core.base);
}

static int write_task(struct dump *d, struct arena *a, struct task *t)
{
	int r = fault_at(FAULT_DUMP_CORE);

	if (r < 0)
		return r;
	if (t->state == TASK_DEAD)
		return write_zombie(d, a, t);
	for (size_t i = 0; r == 0 && i < t->look->n_threads; i++)
		r = write_thread(d, a, t, i);
	return r;
}

int core_write(struct dump *d, struct task *t)
{
	/* Messages of one task at a time: an arena that ends with them. */
	struct arena *a = arena_new();
	int r = a ? write_task(d, a, t) : -ENOMEM;

	arena_free(a);
	return r;
}
