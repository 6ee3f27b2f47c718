// SPDX-License-Identifier: LGPL-2.1-only
/* A whole x86_64 thread: from and to ptrace. thread_image.c has the image. */
#include "arch/arch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ptrace.h>

#include "xstate.h"

#ifndef PTRACE_GET_THREAD_AREA
#define PTRACE_GET_THREAD_AREA 25
#endif
#ifndef PTRACE_SET_THREAD_AREA
#define PTRACE_SET_THREAD_AREA 26
#endif

/* An empty slot as the kernel shows it: seg_not_present and read_exec_only. */
#define DESC_EMPTY_BITS (1u << 3 | 1u << 5)

static bool desc_is_empty(const struct arch_user_desc *d)
{
	return d->base_addr == 0 && d->limit == 0 && (d->bits & ~DESC_EMPTY_BITS) == 0;
}

static int extras_get(pid_t tid, struct arch_extras *x)
{
	const struct xstate_layout *l = xstate_layout();
	int r;

	*x = (struct arch_extras){ 0 };
	for (int i = 0; i < ARCH_GDT_TLS_NR; i++)
		if (ptrace((enum __ptrace_request)PTRACE_GET_THREAD_AREA, tid,
			   (void *)(long)(ARCH_GDT_TLS_MIN + i), &x->tls[i]) < 0)
			return -errno;

	if (!l || !l->has_shstk)
		return 0;

	r = arch_shadow_stack_get(tid, &x->ssp);
	if (r < 0 && r != -ENODEV)
		return r;
	x->has_cet = true;
	x->cet = r == 0;	/* bit 0 of U_CET: on */
	if (r < 0)
		x->ssp = 0;
	return 0;
}

int arch_thread_get(pid_t tid, struct arch_thread *ret_thread)
{
	struct arch_thread t = { .clear_tid_addr = ret_thread->clear_tid_addr };
	int r;

	r = arch_regs_get(tid, &t.regs);
	if (r == 0)
		r = extras_get(tid, &t.extras);
	if (r == 0)
		r = arch_fpu_get(tid, &t.fpu);
	if (r == 0)
		*ret_thread = t;
	return r;
}

int arch_thread_set(pid_t tid, const struct arch_thread *thread)
{
	int r = 0;

	for (int i = 0; i < ARCH_GDT_TLS_NR; i++) {
		const struct arch_user_desc *d = &thread->extras.tls[i];

		if (!desc_is_empty(d) && ptrace((enum __ptrace_request)PTRACE_SET_THREAD_AREA, tid,
						(void *)(long)(ARCH_GDT_TLS_MIN + i), d) < 0)
			return -errno;
	}

	if (thread->extras.cet & 1)
		r = arch_shadow_stack_set(tid, thread->extras.ssp);
	if (r == 0 && thread->fpu)
		r = arch_fpu_set(tid, thread->fpu);
	/* Last: fs and gs may name the slots above. */
	return r < 0 ? r : arch_regs_set(tid, &thread->regs);
}

void arch_thread_free(struct arch_thread *thread)
{
	free(thread->fpu);
	thread->fpu = NULL;
}
