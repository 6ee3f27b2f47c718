/* SPDX-License-Identifier: GPL-2.0-only */
/* Threads with their tids, and the words the kernel keeps about each. */
#include <errno.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/sched/types.h>

#include "criu/inside/restorer/steps.h"

#include "compat.h" /* arch */

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

static long create_by_set_tid(struct restorer_thread *t, void (*run)(void *))
{
	int tid = t->tid;
	const struct clone_args args = {
		.flags = THREAD_FLAGS,
		.stack = t->stack,
		.stack_size = t->stack_size,
		.set_tid = (uint64_t)(uintptr_t)&tid,
		.set_tid_size = 1,
	};

	return arch_clone3_thread(&args, sizeof(args), run, t);
}

/* Decimal, no NUL; returns the length. */
static size_t put_number(char *buf, int n)
{
	char digits[12];
	size_t len = 0, i;

	do {
		digits[len++] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	for (i = 0; i < len; i++)
		buf[i] = digits[len - 1 - i];
	return len;
}

static long create_by_last_pid(struct restorer_thread *t, void (*run)(void *))
{
	const struct clone_args args = { .flags = THREAD_FLAGS, .stack = t->stack, .stack_size = t->stack_size };
	struct restorer_args *a = t->args;
	char text[12];
	size_t n = put_number(text, t->tid - 1);
	long r;

	stages_lock(a->stages);
	r = sys_pwrite(a->ns_last_pid_fd, text, n, 0);
	if (r >= 0)
		r = arch_clone3_thread(&args, sizeof(args), run, t);
	stages_unlock(a->stages);
	/* A wrong one stays asleep until all are killed. */
	return r >= 0 && r != t->tid ? -EEXIST : r;
}

int threads_create(struct restorer_args *a, void (*run)(void *))
{
	size_t i;

	for (i = 1; i < a->n_threads; i++) {
		struct restorer_thread *t = &a->threads[i];
		long r = a->by_last_pid ? create_by_last_pid(t, run) : create_by_set_tid(t, run);

		if (r < 0)
			return restorer_fail(t, r, r == -EEXIST ?
						"create it; that pid is taken here, restore in a new pid namespace" :
						"create it");
	}
	return 0;
}

/* --- words ------------------------------------------------------------------------------------------------ */

static long set_sched(const struct restorer_thread *t)
{
	const unsigned int reset = 0x40000000; /* SCHED_RESET_ON_FORK, a flag in the old calls' policy */
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = (unsigned int)t->sched_policy & ~reset,
		.sched_flags = (unsigned int)t->sched_policy & reset ? SCHED_FLAG_RESET_ON_FORK : 0,
		.sched_nice = t->sched_nice,
		.sched_priority = (unsigned int)t->sched_prio,
	};

	long r = 0;

	/* Other policies keep a nice value for later, but sched_setattr() does not take it with them. */
	if (attr.sched_policy != 0 /* SCHED_OTHER */)
		r = sys_call3(__NR_setpriority, 0 /* PRIO_PROCESS, which here is a thread */, 0, t->sched_nice);
	return r < 0 ? r : sys_call3(__NR_sched_setattr, 0, &attr, 0);
}

static long set_sas(const struct restorer_thread *t)
{
	const struct {
		uint64_t sp;
		int32_t flags, pad;
		uint64_t size;
	} sas = { t->sas_sp, (int32_t)t->sas_flags, 0, t->sas_size };

	return sys_sigaltstack(&sas, 0);
}

static long set_rseq(const struct restorer_thread *t)
{
	long r = sys_rseq((void *)(uintptr_t)t->rseq, t->rseq_size, 0, t->rseq_sig);

	/* struct rseq: the pointer to the critical section is its third word, at 8. */
	if (!r && t->rseq_cs)
		*(volatile uint64_t *)(uintptr_t)(t->rseq + 8) = t->rseq_cs;
	return r;
}

static long set_robust_list(const struct restorer_thread *t)
{
	if (t->robust_compat)
		return arch_compat_set_robust_list(t->robust_list, t->robust_len);
	return sys_set_robust_list((void *)(uintptr_t)t->robust_list, t->robust_len);
}

int thread_set_words(struct restorer_thread *t)
{
	long r = 0;

	if (t->has_comm)
		(void)sys_prctl(PR_SET_NAME, (unsigned long)t->comm, 0, 0, 0); /* cannot fail */
	if (t->has_sched && (r = set_sched(t)) < 0)
		return restorer_fail(t, r, "set its scheduling; priorities need CAP_SYS_NICE");
	if (t->has_sas && (r = set_sas(t)) < 0)
		return restorer_fail(t, r, "set its alternate signal stack");
	if (t->robust_list && (r = set_robust_list(t)) < 0)
		return restorer_fail(t, r, "set its list of robust futexes");
	if (t->rseq && (r = set_rseq(t)) < 0)
		return restorer_fail(t, r, "register its restartable sequences");
	if (t->clear_tid)
		(void)sys_set_tid_address((void *)(uintptr_t)t->clear_tid); /* cannot fail */
	return 0;
}

int thread_set_pdeath(struct restorer_thread *t)
{
	long r;

	if (!t->pdeath_sig)
		return 0;
	r = sys_prctl(PR_SET_PDEATHSIG, t->pdeath_sig, 0, 0, 0);
	return r < 0 ? restorer_fail(t, r, "set its parent death signal") : 0;
}
