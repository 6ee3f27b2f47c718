// SPDX-License-Identifier: GPL-2.0-only
/* The memory steps of the restorer: see criu/inside/restorer_mem.h. No libc, no state. */
#include "criu/inside/restorer_mem.h"

#include <asm/mman.h>
#include <linux/aio_abi.h>
#include <linux/errno.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <stdbool.h>

#include "arch/sys.h"

#include "compat.h" /* arch */

static void *ptr(__u64 addr)
{
	return (void *)(uintptr_t)addr;
}

/* --- aio ------------------------------------------------------------------------------------------ */

/* The head of a ring, as kernel and libaio know it (magic 0xa10a10a1); events follow. */
struct aio_ring {
	__u32 id, nr, head, tail;
	__u32 magic, compat, incompat, header_length;
	struct io_event events[];
};

#define AIO_MAGIC 0xa10a10a1u
#define BATCH	  32u

/*
 * Make @n requests complete, so that the kernel's own idea of the tail moves on. @eat: they are
 * taken out again, by moving the head behind them. Reading a regular file is done when io_submit() returns.
 */
static long spin(struct aio_ring *ring, __u64 ctx, int fd, __u32 n, bool eat)
{
	struct iocb cb[BATCH], *list[BATCH];
	__u32 i, part;
	char byte;
	long r;

	for (; n; n -= part) {
		part = n < BATCH ? n : BATCH;
		for (i = 0; i < part; i++) {
			cb[i] = (struct iocb){
				.aio_lio_opcode = IOCB_CMD_PREAD,
				.aio_fildes = (__u32)fd,
				.aio_buf = (uintptr_t)&byte,
				.aio_nbytes = 1,
			};
			list[i] = &cb[i];
		}
		for (i = 0; i < part; i += (__u32)r) {
			r = sys_call3(__NR_io_submit, ctx, part - i, list + i);
			if (r < 0)
				return r;
		}
		if (eat)
			ring->head = ring->tail;
	}
	return 0;
}

/* A new ring takes over head, tail and events of the copy at @s->addr, and its place. */
static long do_aio(const struct restorer_mem_step *s, int fd)
{
	const struct aio_ring *old = ptr(s->addr);
	struct aio_ring *ring;
	aio_context_t ctx = 0;
	__u32 waiting, total, i;
	long r;

	r = sys_call2(__NR_io_setup, s->arg, &ctx);
	if (r < 0)
		return r;
	ring = ptr(ctx);
	/* Another size: this kernel has more CPUs than the ring was made for. */
	if (old->nr != ring->nr || old->magic != AIO_MAGIC || old->head >= old->nr || old->tail >= old->nr ||
	    s->size < sizeof(*ring) + (__u64)old->nr * sizeof(ring->events[0]))
		return -EINVAL;

	waiting = (old->tail + old->nr - old->head) % old->nr;
	total = old->tail >= waiting ? old->tail : old->tail + old->nr;
	r = spin(ring, ctx, fd, total - waiting, true);
	if (!r)
		r = spin(ring, ctx, fd, waiting, false);
	if (r < 0)
		return r;
	for (i = 0; i < old->nr; i++)
		ring->events[i] = old->events[i];

	r = sys_mremap(ring, s->size, s->size, MREMAP_MAYMOVE | MREMAP_FIXED, ptr(s->addr));
	return r < 0 && r > -4096 ? r : 0;
}

/* --- steps ---------------------------------------------------------------------------------------- */

static long do_step(const struct restorer_mem_step *s, const struct restorer_mem *m)
{
	long r;

	switch (s->what) {
	case RMEM_UNMAP:
		return sys_munmap(ptr(s->addr), s->size);
	case RMEM_MOVE:
		r = sys_mremap(ptr(s->addr), s->size, s->size, MREMAP_MAYMOVE | MREMAP_FIXED, ptr(s->arg));
		return r < 0 && r > -4096 ? r : 0;
	case RMEM_PROTECT:
		return s->pkey ? sys_call4(__NR_pkey_mprotect, s->addr, s->size, s->arg, s->pkey) :
				 sys_mprotect(ptr(s->addr), s->size, (int)s->arg);
	case RMEM_FREE_PKEY:
		return sys_call1(__NR_pkey_free, s->arg);
	case RMEM_ADVISE:
		return sys_madvise(ptr(s->addr), s->size, (int)s->arg);
	case RMEM_LOCK:
		/* Locked it is, even if not everything can be populated; @arg says when that is no error. */
		r = sys_call2(__NR_mlock, s->addr, s->size);
		return r == -ENOMEM && s->arg ? 0 : r;
	case RMEM_COMPAT_VDSO:
		return arch_compat_map_vdso(s->addr, s->size);
	case RMEM_AIO:
		return do_aio(s, (int)m->map.exe_fd);
	}
	return -EINVAL;
}

/* --- the fields of struct mm ------------------------------------------------------------------------ */

/* A kernel without PR_SET_MM_MAP sets them one by one, which takes CAP_SYS_RESOURCE. */
static long set_each(const struct prctl_mm_map *map)
{
	const struct {
		int field;
		__u64 value;
	} v[] = {
		{ PR_SET_MM_START_CODE, map->start_code },   { PR_SET_MM_END_CODE, map->end_code },
		{ PR_SET_MM_START_DATA, map->start_data },   { PR_SET_MM_END_DATA, map->end_data },
		{ PR_SET_MM_START_STACK, map->start_stack }, { PR_SET_MM_START_BRK, map->start_brk },
		{ PR_SET_MM_BRK, map->brk },		     { PR_SET_MM_ARG_START, map->arg_start },
		{ PR_SET_MM_ARG_END, map->arg_end },	     { PR_SET_MM_ENV_START, map->env_start },
		{ PR_SET_MM_ENV_END, map->env_end },
	};
	unsigned int i;
	long r;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		r = sys_prctl(PR_SET_MM, (unsigned long)v[i].field, v[i].value, 0, 0);
		if (r < 0)
			return r;
	}
	if (map->auxv_size) {
		r = sys_prctl(PR_SET_MM, PR_SET_MM_AUXV, (uintptr_t)map->auxv, map->auxv_size, 0);
		if (r < 0)
			return r;
	}
	return sys_prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, map->exe_fd, 0, 0);
}

static long set_fields(struct restorer_mem *m)
{
	unsigned int size = 0;
	long r;

	m->map.auxv_size = m->n_auxv * sizeof(m->auxv[0]);
	m->map.auxv = m->n_auxv ? m->auxv : NULL;
	r = sys_prctl(PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)&m->map, sizeof(m->map), 0);
	if (r != -EINVAL || sys_prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, (uintptr_t)&size, 0, 0) == 0)
		return r;
	return set_each(&m->map);
}

static long set_thp(const struct restorer_mem *m)
{
	long r = sys_prctl(PR_SET_THP_DISABLE, m->thp_disable, 0, 0, 0);

	return m->thp_disable ? r : 0; /* a kernel without huge pages cannot have them on */
}

int restorer_mem_run(struct restorer_mem *m)
{
	const struct restorer_mem_step *steps = ptr(m->steps);
	long r;

	for (m->at_step = 0; m->at_step < m->n_steps; m->at_step++) {
		r = do_step(&steps[m->at_step], m);
		if (r < 0)
			return (int)r;
	}
	m->at_step = m->n_steps + RMEM_AT_MM_MAP;
	r = set_fields(m);
	if (r < 0)
		return (int)r;
	m->at_step = m->n_steps + RMEM_AT_THP;
	return (int)set_thp(m);
}
