/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * System calls of the 32-bit kind from native code, by int $0x80: what they set up is of that kind afterwards. Pointers must
 * lie below 4 GiB. With and without libc.
 */
#pragma once

#include <errno.h>
#include <stdint.h>

#include "arch/sys.h"

#define COMPAT_NR_RT_SIGACTION	  174
#define COMPAT_NR_SET_ROBUST_LIST 311
#define COMPAT_NR_GET_ROBUST_LIST 312

#define ARCH_COMPAT_MAP_VDSO 0x2002 /* ARCH_MAP_VDSO_32, Linux 4.9 */

static inline long compat_call4(long nr, long a, long b, long c, long d)
{
	int32_t ret;

	/* Older kernels clear r8 to r11. */
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "0"((int32_t)nr), "b"(a), "c"(b), "d"(c), "S"(d)
			 : "r8", "r9", "r10", "r11", "memory", "cc");
	return ret;
}

static inline long compat_call3(long nr, long a, long b, long c)
{
	return compat_call4(nr, a, b, c, 0);
}

/* The handler gets a 32-bit frame. */
static inline long arch_compat_sigaction(int sig, uint64_t handler, uint64_t flags, uint64_t restorer, uint64_t mask)
{
	const struct {
		uint32_t handler, flags, restorer, mask[2];
	} sa = { (uint32_t)handler, (uint32_t)flags, (uint32_t)restorer, { (uint32_t)mask, (uint32_t)(mask >> 32) } };

	return compat_call4(COMPAT_NR_RT_SIGACTION, sig, (long)&sa, 0, sizeof(sa.mask));
}

static inline long arch_compat_set_robust_list(uint64_t head, uint64_t size)
{
	return compat_call3(COMPAT_NR_SET_ROBUST_LIST, (long)head, (long)size, 0);
}

/*
 * [vvar] and the 32-bit [vdso] from @addr on, where @size bytes are free. The process must have no vdso; the kernel then
 * notes this one as its own, to which sysenter returns.
 */
static inline long arch_compat_map_vdso(uint64_t addr, uint64_t size)
{
	unsigned char in_core[64];
	long r = sys_call2(__NR_arch_prctl, ARCH_COMPAT_MAP_VDSO, (long)addr);

	if (r < 0 || size > sizeof(in_core) * 4096)
		return r < 0 ? r : -EINVAL;
	/* The address is a wish, and where it went the kernel does not say: ENOMEM, not all of this is mapped. */
	return sys_call3(__NR_mincore, (long)addr, (long)size, (long)in_core);
}
