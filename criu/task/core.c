/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core-PID.img: one file a thread, made of what look_outside() and look_inside() have learned,
 * and of its registers.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "compel/compel.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "proto/core.pb-c.h"

/* Its code begins in its first page and all of it fits in two on every kernel so far. */
#define VDSO_LOOK 8192

static void *alloc_in_arena(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

static void free_nothing(void *arena, void *p)
{
}

/* --- registers ------------------------------------------------------------------------------- */

/* Where in the vdso of @t a system call can be made. */
static int find_syscall(const struct task *t, uint64_t *ret_pc)
{
	unsigned long auxv[128];
	autofd int fd = neg_errno(openat(t->proc, "auxv", O_RDONLY | O_CLOEXEC));
	ssize_t n = fd < 0 ? fd : neg_errno(read(fd, auxv, sizeof(auxv)));
	uint8_t code[VDSO_LOOK];

	if (n < 0)
		return (int)n;
	for (size_t i = 0; i + 1 < (size_t)n / sizeof(auxv[0]); i += 2) {
		long off;

		if (auxv[i] != AT_SYSINFO_EHDR)
			continue;
		if (victim_read(t->victim, auxv[i + 1], code, sizeof(code)) < 0)
			return -ENOENT;
		off = arch_find_syscall(code, sizeof(code));
		*ret_pc = auxv[i + 1] + (uint64_t)off;
		return off < 0 ? (int)off : 0;
	}
	return -ENOENT;
}

/*
 * A leader that has exited while its threads live: the format has no word for it. It comes back as a thread
 * that is about to make its exit(2), which any reader gives the same end.
 */
static int dead_leader_to_image(const struct dump *d, const struct task *t, struct arch_thread *at)
{
	struct proc_stat st;
	uint64_t args[6] = {}, pc;
	char path[64];
	int r = find_syscall(t, &pc);

	if (r < 0 || arch_is_compat(&at->regs))
		return block_task(d, DEAD_LEADER, t->pid, -ENOTSUP, "dump a process whose first thread has exited, without a "
				  "64-bit vdso to let it exit from again");
	snprintf(path, sizeof(path), "task/%d/stat", t->pid);
	r = proc_read_stat(t->proc, path, &st);
	if (r < 0)
		return err_task(t->pid, r, "read how its first thread has exited");
	args[0] = (uint64_t)st.exit_code >> 8;
	arch_regs_aim(&at->regs, pc, SYS_exit, args);
	return 0;
}

static int registers_to_image(struct dump *d, struct arena *a, const struct task *t, const struct thread_look *th,
			      CoreEntry *core)
{
	ProtobufCAllocator alloc = { alloc_in_arena, free_nothing, a };
	struct arch_thread at = {};
	const struct victim_thread *vt = th->is_dead ? victim_living(t->victim) : th->thread;
	const char *lost;
	int r = fault_at(FAULT_DUMP_REGISTERS);

	if (r < 0)
		return r;
	r = arch_thread_get(vt->tid, &at);
	if (r < 0)
		return err_task(vt->tid, r, "read its registers");
	/* The same, but for a restartable sequence: the kernel would abort it before going on. */
	at.regs = vt->regs;
	at.clear_tid_addr = th->inside.clear_tid_addr;
	r = th->is_dead ? dead_leader_to_image(d, t, &at) : 0;
	if (r < 0)
		goto out;

	lost = arch_fpu_not_in_image(at.fpu);
	r = lost ? block_task(d, FPU, th->tid, -ENOTSUP, "dump %s", lost) : arch_thread_to_image(&at, core, &alloc);
out:
	arch_thread_free(&at);
	return r;
}

/* --- what is of a thread --------------------------------------------------------------------- */

static int rseq_to_image(struct arena *a, const struct thread_look *th, ThreadCoreEntry *tc)
{
	const struct victim_thread *vt = th->thread;
	RseqEntry *m;

	if (!vt->has_rseq || th->is_dead)
		return 0;
	m = image_new(a, RSEQ_ENTRY, RseqEntry);
	if (!m)
		return -ENOMEM;
	m->rseq_abi_pointer = vt->rseq.ptr;
	m->rseq_abi_size = vt->rseq.size;
	m->signature = vt->rseq.signature;
	/* Only in a section that no signal restarts the kernel keeps the pointer; of others compel has taken the thread out. */
	if (vt->rseq.cs_kept) {
		m->has_rseq_cs_pointer = true;
		m->rseq_cs_pointer = vt->rseq.cs;
	}
	tc->rseq_entry = m;
	return 0;
}

static int thread_to_image(struct dump *d, struct arena *a, const struct task *t, const struct thread_look *th,
			   CoreEntry *core)
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
	if (th != &t->look->threads[0]) {
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
		r = registers_to_image(d, a, t, th, core);
	return r;
}

/* --- what is of the process ------------------------------------------------------------------ */

static TaskCoreEntry *new_task_core(struct arena *a, const struct task *t)
{
	TaskCoreEntry *tc = image_new(a, TASK_CORE_ENTRY, TaskCoreEntry);

	if (!tc)
		return NULL;
	tc->task_state = t->state;
	tc->flags = t->state == TASK_DEAD ? 0 : t->stat.flags;
	tc->comm = (char *)(t->state == TASK_DEAD ? t->stat.comm : t->look->threads[0].status.comm);
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
	/* A dead leader comes back to exit: no handler may run in it before. */
	tc->blk_sigset = l->threads[0].is_dead ? ~0ull : l->threads[0].thread->sigmask;
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
	int r = thread_to_image(d, a, t, th, &core);

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
