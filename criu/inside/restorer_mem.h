/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory part of the restorer's arguments: what is left to do when libc, criu's text and
 * stack are no longer needed. criu/mem fills it in; criu/inside/restorer/mem.c does it.
 *
 * It is a list of steps in the order of their doing, each one system call or two, so all
 * decisions are made outside, where they can be logged and tested. Freestanding: no libc here.
 */
#pragma once

#include <linux/prctl.h>
#include <linux/types.h>

enum restorer_mem_what {
	RMEM_UNMAP = 1, /* munmap(addr, size) */
	RMEM_MOVE,	/* mremap(addr, size, size, MAYMOVE | FIXED, arg): @arg is the new address */
	RMEM_PROTECT,	/* mprotect(addr, size, arg), with protection key @pkey if it is not 0 */
	RMEM_FREE_PKEY, /* pkey_free(arg): mappings have it that the task had given back */
	RMEM_ADVISE,	/* madvise(addr, size, arg) */
	RMEM_LOCK,	/* mlock(addr, size); @arg: it need not be populated whole */
	RMEM_COMPAT_VDSO, /* the kernel's 32-bit vvar and vdso at [addr, addr + size), when all of criu's is gone */
	RMEM_AIO,	/* io_setup(arg): its ring takes over what lies at [addr, size), a copy of the old one */
};

struct restorer_mem_step {
	__u64 addr, size, arg;
	__u32 what; /* enum restorer_mem_what */
	__u32 pkey;
};

/* Words of auxv, the most that any image may hold (ppc64: 54; riscv64: 64). */
#define RESTORER_AUXV_WORDS 64

struct restorer_mem {
	/* Until restorer_mem_run() returns 0 nothing outside the blob's own range may be used. */
	__u64 steps; /* const struct restorer_mem_step *, in the blob's range */
	__u32 n_steps;
	__u32 at_step; /* out: the step that runs or failed; n_steps and above: see RMEM_AT_... */

	/* prctl(PR_SET_MM, PR_SET_MM_MAP): brk, arg, env, auxv, exe. .auxv is filled in by the blob. */
	struct prctl_mm_map map;
	__u64 auxv[RESTORER_AUXV_WORDS];
	__u32 n_auxv; /* words; AT_NULL, which images lack, is behind them */
	__u32 thp_disable;
	/* map.exe_fd stays open: the restorer closes criu's descriptors later, all at once. */
};

/* Values of at_step beyond the list. */
enum restorer_mem_at {
	RMEM_AT_MM_MAP,	 /* n_steps + 0 */
	RMEM_AT_THP,	 /* n_steps + 1 */
};

/*
 * In the blob, on the blob's own stack, with one thread: do it all. 0 or -errno, with m->at_step
 * telling where. The caller must not touch anything outside the blob's range from the first
 * step on (libc, the old stack and the old vdso go away).
 */
int restorer_mem_run(struct restorer_mem *m);
