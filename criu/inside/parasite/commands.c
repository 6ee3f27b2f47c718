// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands that a dump runs inside a task: what only the task itself can read. No libc, no
 * state, and nothing in the task changes.
 */
#include <errno.h>
#include <linux/membarrier.h>
#include <linux/prctl.h>
#include <stddef.h>

#include "arch/sys.h"
#include "compel/inside/inside.h"
#include "criu/inside/parasite.h"
#include "criu/inside/pkeys.h"

#define SS_ONSTACK_FLAG 1u
#define GET_REGISTRATIONS (1 << 9) /* MEMBARRIER_CMD_GET_REGISTRATIONS, newer than the headers */

struct kernel_itimerval {
	long isec, iusec, vsec, vusec;
};

struct kernel_itimerspec {
	long isec, insec, vsec, vnsec;
};

struct kernel_stack {
	uint64_t sp;
	uint32_t flags;
	uint64_t size;
};

static int dump_itimers(struct parasite_task *t)
{
	for (int i = 0; i < 3; i++) {
		struct kernel_itimerval it;
		int r = (int)sys_getitimer(i, &it);

		if (r < 0)
			return r;
		t->itimers[i] = (struct parasite_itimer){ it.isec, it.iusec, it.vsec, it.vusec };
	}

	return 0;
}

static int dump_sigactions(struct parasite_task *t)
{
	for (int sig = 1; sig <= PARASITE_SIGNALS; sig++) {
		struct arch_sigaction sa;
		struct parasite_sigaction *out = &t->sigactions[sig - 1];
		int r;

		if (sig == 9 || sig == ARCH_SIGSTOP)
			continue;
		r = (int)sys_rt_sigaction(sig, NULL, &sa, sizeof(sa.mask));
		if (r < 0)
			return r;
		*out = (struct parasite_sigaction){ sa.handler, sa.flags, sa.restorer, sa.mask };
	}

	return 0;
}

static void dump_membarrier(struct parasite_task *t)
{
	long r = sys_membarrier(GET_REGISTRATIONS, 0);

	t->has_membarrier = r >= 0;
	t->membarrier = r >= 0 ? (uint32_t)r : 0;
}

static int dump_task(struct parasite_task *t)
{
	int subreaper = 0, r;

	r = dump_itimers(t);
	if (r == 0)
		r = dump_sigactions(t);
	if (r < 0)
		return r;

	t->brk = (uint64_t)sys_brk(0);
	t->dumpable = (int32_t)sys_prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
	if (t->dumpable < 0)
		return t->dumpable;

	/* EINVAL: a kernel without transparent huge pages has none to disable. */
	t->thp_disabled = sys_prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) > 0;

	r = (int)sys_prctl(PR_GET_CHILD_SUBREAPER, (unsigned long)&subreaper, 0, 0, 0);
	if (r < 0)
		return r;
	t->child_subreaper = subreaper != 0;

	dump_membarrier(t);
	t->pkeys = pkeys_allocated();
	return 0;
}

static int dump_thread(const struct inside_ctx *ctx, struct parasite_thread *t)
{
	struct kernel_stack ss = { 0 };
	uint64_t tid_addr = 0;
	int sig = 0, r;

	r = (int)sys_sigaltstack(NULL, &ss);
	if (r < 0)
		return r;
	t->sas_sp = ss.sp;
	t->sas_size = ss.size;
	/* The kernel compares with the stack pointer, which is ours at the moment. */
	t->sas_flags = ss.flags & ~SS_ONSTACK_FLAG;
	if (ss.size && ctx->home_sp - ss.sp - 1 < ss.size)
		t->sas_flags |= SS_ONSTACK_FLAG;

	r = (int)sys_prctl(PR_GET_PDEATHSIG, (unsigned long)&sig, 0, 0, 0);
	if (r < 0)
		return r;
	t->pdeath_sig = (uint32_t)sig;

	t->has_clear_tid = sys_prctl(PR_GET_TID_ADDRESS, (unsigned long)&tid_addr, 0, 0, 0) == 0;
	t->clear_tid_addr = tid_addr;

	r = (int)sys_prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	if (r < 0)
		return r;
	t->securebits = (uint32_t)r;
	return 0;
}

static int dump_timers(struct parasite_timers *ts, size_t size)
{
	if (ts->nr > (size - sizeof(*ts)) / sizeof(ts->timers[0]))
		return -EINVAL;

	for (uint32_t i = 0; i < ts->nr; i++) {
		struct parasite_timer *t = &ts->timers[i];
		struct kernel_itimerspec it;
		int r;

		/* The overrun first: asking for the time may count one more in. */
		r = (int)sys_timer_getoverrun(t->id);
		if (r < 0)
			return r;
		t->overrun = r;

		r = (int)sys_timer_gettime(t->id, &it);
		if (r < 0)
			return r;
		t->isec = it.isec;
		t->insec = it.insec;
		t->vsec = it.vsec;
		t->vnsec = it.vnsec;
	}

	return 0;
}

/* The head of a ring, as the kernel shares it with the task. */
struct aio_ring {
	uint32_t id, nr, head, tail;
};

static int dump_aio(struct parasite_aio *a, size_t size)
{
	if (a->nr > (size - sizeof(*a)) / sizeof(a->rings[0]))
		return -EINVAL;

	for (uint32_t i = 0; i < a->nr; i++) {
		struct parasite_aio_ring *r = &a->rings[i];
		const struct aio_ring *ring = (const void *)r->addr;

		/* min_nr 0, nr 0: takes no event; EINVAL: no such context. */
		r->is_context = sys_call5(__NR_io_getevents, r->addr, 0, 0, 0, 0) >= 0;
		r->nr_events = 0;
		if (r->is_context && ring->nr)
			r->nr_events = (ring->tail + ring->nr - ring->head) % ring->nr;
	}

	return 0;
}

static int dump_single(const struct inside_ctx *ctx, struct parasite_single *s)
{
	int r = dump_task(&s->task);

	return r < 0 ? r : dump_thread(ctx, &s->thread);
}

int inside_command(const struct inside_ctx *ctx, int cmd, void *args, size_t size)
{
	switch (cmd) {
	case PARASITE_DUMP_TASK:
		return size < sizeof(struct parasite_task) ? -EINVAL : dump_task(args);
	case PARASITE_DUMP_SINGLE:
		return size < sizeof(struct parasite_single) ? -EINVAL : dump_single(ctx, args);
	case PARASITE_DUMP_THREAD:
		return size < sizeof(struct parasite_thread) ? -EINVAL : dump_thread(ctx, args);
	case PARASITE_DUMP_TIMERS:
		return size < sizeof(struct parasite_timers) ? -EINVAL : dump_timers(args, size);
	case PARASITE_DUMP_AIO:
		return size < sizeof(struct parasite_aio) ? -EINVAL : dump_aio(args, size);
	}

	return -ENOSYS;
}
