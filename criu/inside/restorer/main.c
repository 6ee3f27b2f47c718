/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The restorer's order of things. It starts in a process with criu's address space, in the mapping that
 * struct restorer_args describes, all signals blocked; it ends with every thread asleep at
 * STAGE_STANDING, where the coordinator stops them, unmaps all this and sets their registers.
 */
#include <stddef.h>

#include "criu/inside/restorer/steps.h"

void blob_main(struct restorer_args *a);

int restorer_fail(const struct restorer_thread *t, long r, const char *what)
{
	(void)stages_tell(t->args->stages, t->args->pid, t->tid, (int)r, what, false);
	return (int)r;
}

static __attribute__((noreturn)) void give_up(struct restorer_args *a)
{
	stages_fail(a->stages);
	sys_exit_group(1);
}

/* Nothing brings a thread back from here but the coordinator, by its registers. */
static __attribute__((noreturn)) void stand(struct restorer_args *a)
{
	for (;;)
		if (stages_wait(a->stages, STAGE_STANDING) < 0)
			sys_exit_group(1);
}

/*
 * Filters need CAP_SYS_ADMIN or no_new_privs, so they come before the ids; they sleep while we are traced.
 * The parent death signal comes after, since a change of ids clears it.
 */
static int restore_thread(struct restorer_thread *t)
{
	int r = thread_set_words(t);

	if (!r)
		r = seccomp_set(t);
	if (!r)
		r = creds_set(t);
	if (!r)
		r = thread_set_pdeath(t);
	return r;
}

static void run_thread(void *arg)
{
	struct restorer_thread *t = arg;
	struct restorer_args *a = t->args;

	/* The coordinator takes hold of all threads before one of them loses the rights for that. */
	if (stages_wait(a->stages, STAGE_THREADS) < 0)
		sys_exit_group(1);
	if (signals_queue_private(t) < 0 || restore_thread(t) < 0)
		give_up(a);
	if (__atomic_sub_fetch(&a->threads_left, 1, __ATOMIC_ACQ_REL) == 1)
		stages_wake(&a->threads_left);
	stand(a);
}

static int wait_for_threads(struct restorer_args *a)
{
	uint32_t left;

	while ((left = __atomic_load_n(&a->threads_left, __ATOMIC_ACQUIRE)) > 1)
		(void)sys_futex(&a->threads_left, FUTEX_WAIT, left, NULL);
	return 0;
}

static int make_threads(struct restorer_args *a)
{
	int r;

	if (a->n_threads == 1)
		return 0;
	r = threads_create(a, run_thread);
	if (!r && stages_pass(a->stages, STAGE_THREADS) < 0)
		sys_exit_group(1); /* another process failed, and told */
	return r;
}

/* @m stands at the step that has failed. */
static const char *what_of(const struct restorer_mem *m, const struct restorer_mem_step *step)
{
	if (m->at_step == m->n_steps + RMEM_AT_MM_MAP)
		return "set its layout (PR_SET_MM_MAP)";
	if (m->at_step >= m->n_steps)
		return "switch huge pages off";
	switch (step->what) {
	case RMEM_UNMAP:
		return "unmap criu's own memory at ";
	case RMEM_MOVE:
		return "move a mapping to its place from ";
	case RMEM_PROTECT:
		return "protect its mapping at ";
	case RMEM_FREE_PKEY:
		return "give a protection key back, by number ";
	case RMEM_ADVISE:
		return "advise the kernel on its mapping at ";
	case RMEM_LOCK:
		return "lock its mapping (CAP_IPC_LOCK or RLIMIT_MEMLOCK) at ";
	case RMEM_COMPAT_VDSO:
		return "map the 32-bit vdso at ";
	case RMEM_AIO:
		return "make its aio ring at ";
	}
	return "put its memory in place at ";
}

static char *put_hex(char *p, uint64_t v)
{
	int shift = 60;

	while (shift && !(v >> shift))
		shift -= 4;
	*p++ = '0';
	*p++ = 'x';
	for (; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[v >> shift & 15];
	*p = '\0';
	return p;
}

static int restore_memory(struct restorer_args *a)
{
	int r = restorer_mem_run(&a->mem);
	const struct restorer_mem_step *step =
		(const struct restorer_mem_step *)(uintptr_t)a->mem.steps + a->mem.at_step;
	const char *what;
	char text[128], *p = text;

	if (r >= 0)
		return 0;
	for (what = what_of(&a->mem, step); *what;)
		*p++ = *what++;
	*p = '\0';
	if (a->mem.at_step < a->mem.n_steps) {
		p = put_hex(p, step->addr);
		*p++ = '-';
		(void)put_hex(p, step->addr + step->size);
	}
	return restorer_fail(&a->threads[0], r, text);
}

/* What only the leader does, while the process still has criu's rights. */
static int restore_process(struct restorer_args *a)
{
	int r = process_register_membarrier(a);

	if (!r)
		r = process_set_subreaper(a);
	if (!r)
		r = timers_create(a);
	if (!r)
		r = signals_set_actions(a);
	if (!r)
		r = signals_queue_shared(a);
	if (!r)
		r = signals_queue_private(&a->threads[0]);
	if (!r)
		r = wait_for_threads(a);
	if (!r)
		r = process_set_personality(a);
	/* Limits come when nothing else is made that they could forbid. */
	if (!r)
		r = process_set_rlimits(a);
	return r;
}

static int restore(struct restorer_args *a)
{
	int r = restore_memory(a);

	if (!r)
		r = make_threads(a);
	if (!r)
		r = restore_process(a);
	if (!r)
		r = restore_thread(&a->threads[0]);
	/* The last thread's change of ids resets it. */
	if (!r)
		r = process_set_dumpable(a);
	if (!r)
		r = timers_arm(a);
	return r;
}

void blob_main(struct restorer_args *a)
{
	if (restore(a) < 0)
		give_up(a);
	process_close_files(a);
	stages_arrive(a->stages, STAGE_STANDING);
	stand(a);
}
