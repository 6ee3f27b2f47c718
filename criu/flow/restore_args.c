/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The restorer's mapping: the blob, its arguments, stacks for all threads and the shared
 * stages, built where they will stay: in a hole of both this process and the one to be.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch/arch.h"
#include "base/err.h"
#include "base/log.h"
#include "compel/compel.h"
#include "criu/fd/fd.h"
#include "criu/image/fault.h"
#include "criu/inside/restorer.h"
#include "criu/mem/mem.h"
#include "criu/task/parts_restore.h"
#include "criu/task/restore.h"
#include "criu/task/stages.h"
#include "criu/flow/restore_tree.h"
#include "kerndat/kerndat.h"
#include "proto/core.pb-c.h"

/* A step of the restorer is shallow: a few frames and one struct of the kernel's. */
#define STACK_SIZE 8192

struct layout {
	size_t blob, heap, stacks, stages, total;
};

static size_t pages(size_t n)
{
	const size_t page = arch_page_size();

	return (n + page - 1) & ~(page - 1);
}

static size_t heap_size(const struct restore *rs, const struct rtask *rt)
{
	size_t i, n = sizeof(struct restorer_args) + rt->n_threads * sizeof(struct restorer_thread) + ARCH_TRAMPOLINE_SIZE + 256;

	n += signals_args_size(rt) + timers_args_size(rt) + limits_args_size(rt);
	for (i = 0; i < rt->n_threads; i++)
		n += creds_args_size(&rt->threads[i]) + seccomp_args_size(rs, &rt->threads[i]);
	return n + mem_restore_args_size(rs, rt);
}

static int plan_layout(const struct restore *rs, const struct rtask *rt, const struct compel_blob *blob,
		       struct layout *ret_l)
{
	long size = compel_blob_size(blob);

	if (size < 0)
		return (int)size;
	ret_l->blob = pages((size_t)size);
	ret_l->heap = pages(heap_size(rs, rt));
	ret_l->stacks = pages(rt->n_threads * STACK_SIZE);
	ret_l->stages = stages_room(rs);
	ret_l->total = ret_l->blob + ret_l->heap + ret_l->stacks + ret_l->stages;
	return 0;
}

/* Where a thread's private queue, creds, ... are: all in its struct restorer_thread. */
static int fill_thread(struct restore *rs, const struct rtask *rt, struct restorer_args *a, size_t i)
{
	struct restorer_thread *at = &a->threads[i];
	int r;

	at->args = a;
	at->tid = rt->threads[i].tid;
	sched_args(&rt->threads[i], at);
	r = creds_args(rs, &rt->threads[i], a, at);
	if (!r)
		r = seccomp_args(rs, &rt->threads[i], a, at);
	return r;
}

static int fill_args(struct restore *rs, struct rtask *rt, struct restorer_args *a)
{
	size_t i;
	int r = 0;

	a->pid = rt->pid;
	a->n_threads = rt->n_threads;
	a->threads_left = (uint32_t)rt->n_threads;
	a->threads = restorer_alloc(a, rt->n_threads * sizeof(*a->threads));
	if (!a->threads)
		return -ENOMEM;
	for (i = 0; !r && i < rt->n_threads; i++)
		r = fill_thread(rs, rt, a, i);
	if (!r)
		r = signals_args(rs, rt, a);
	if (!r)
		r = timers_args(rs, rt, a);
	if (!r)
		r = limits_args(rs, rt, a);
	return r;
}

/* Threads get their tids the way processes do. */
static int fill_way(struct restore *rs, struct rtask *rt, struct restorer_args *a)
{
	a->ns_last_pid_fd = -1;
	a->by_last_pid = kerndat_way(rs->kd, WAY_TASK_PID) == BY_LAST_PID;
	if (!a->by_last_pid || rt->n_threads == 1)
		return 0;
	a->ns_last_pid_fd = neg_errno(open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC));
	if (a->ns_last_pid_fd < 0)
		return err_path("/proc/sys/kernel/ns_last_pid", a->ns_last_pid_fd, "open it for the threads of pid %d", rt->pid);
	a->ns_last_pid_fd = neg_errno(fcntl(a->ns_last_pid_fd, F_DUPFD_CLOEXEC, fd_restore_floor(rt)));
	return a->ns_last_pid_fd < 0 ? err_task(rt->pid, a->ns_last_pid_fd, "move a descriptor out of its way") : 0;
}

/* What finish.c needs to take the restorer away. */
static int fill_place(struct restore *rs, struct rtask *rt, struct restorer_args *a)
{
	struct stages_place *place = stages_place(rs, rt);
	const struct arch_regs nowhere = { 0 };
	void *code = restorer_alloc(a, ARCH_TRAMPOLINE_SIZE);
	/* Who shares its table with others closes criu's descriptors when all are done: restore_finish.c does it. */
	const bool shares = fd_restore_table_is_shared(rt);

	if (!code)
		return -ENOMEM;
	/* It begins with a system call instruction. */
	(void)arch_trampoline_build(code, 0, &nowhere, 0);
	place->base = a->base;
	place->size = a->size;
	place->insn = (uint64_t)(uintptr_t)code;
	place->close_from = shares ? fd_restore_floor(rt) : -1;
	a->close_from = shares ? -1 : fd_restore_floor(rt);
	return 0;
}

static void fill_stacks(struct restorer_args *a, uint64_t stacks)
{
	size_t i;

	for (i = 0; i < a->n_threads; i++) {
		a->threads[i].stack = stacks + i * STACK_SIZE;
		a->threads[i].stack_size = STACK_SIZE;
	}
}

static int map_restorer(struct restore *rs, struct rtask *rt, const struct layout *l, uint64_t *ret_base)
{
	uint64_t base;
	void *p;
	int r = mem_restore_find_hole(rs, rt, l->total, &base);

	if (r < 0)
		return r;
	p = mmap((void *)(uintptr_t)base, l->total, PROT_READ | PROT_WRITE | PROT_EXEC,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return err_task(rt->pid, -errno, "map %zu bytes for the restorer at %#llx", l->total,
				(unsigned long long)base);
	*ret_base = base;
	return 0;
}

int restorer_build(struct restore *rs, struct rtask *rt, struct restorer_start *ret_start)
{
	const struct compel_blob blob = COMPEL_BLOB(restorer);
	struct restorer_args *a;
	struct layout l = { 0 };
	uint64_t base = 0;
	int r = fault_at(FAULT_RESTORE_RESTORER);

	if (r < 0)
		return r;
	r = plan_layout(rs, rt, &blob, &l);
	if (r < 0)
		return err_task(rt->pid, r, "measure the restorer");
	r = map_restorer(rs, rt, &l, &base);
	if (r < 0)
		return r;
	r = compel_blob_load(&blob, (void *)(uintptr_t)base, base, &ret_start->entry);
	if (r < 0)
		return err_task(rt->pid, r, "load the restorer");

	a = (struct restorer_args *)(uintptr_t)(base + l.blob);
	a->base = base;
	a->size = l.total;
	a->heap = base + l.blob + sizeof(*a);
	a->heap_end = base + l.blob + l.heap;
	r = fill_args(rs, rt, a);
	if (r < 0)
		return err_task(rt->pid, r, "fill in the restorer's arguments");
	fill_stacks(a, base + l.blob + l.heap);
	r = fill_way(rs, rt, a);
	if (r < 0)
		return r;
	r = fill_place(rs, rt, a);
	if (r < 0)
		return err_task(rt->pid, r, "tell where its restorer is");
	/* All code is written: where caches of instructions do not see that, they are told. */
	__builtin___clear_cache((char *)(uintptr_t)base, (char *)(uintptr_t)a->heap);

	r = stages_move(rs, base + l.total - l.stages);
	if (r < 0)
		return err_task(rt->pid, r, "move the stages to the restorer");
	a->stages = rs->stages;
	/* Last: it looks at what is mapped now. */
	r = mem_restore_args(rs, rt, a);
	if (r < 0)
		return r;

	ret_start->args = a;
	ret_start->stack = a->threads[0].stack + a->threads[0].stack_size;
	return 0;
}
