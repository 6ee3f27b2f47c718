/* SPDX-License-Identifier: LGPL-2.1-only */
/* No second ABI: see extras.c. Nobody calls these. */
#pragma once

#include <errno.h>
#include <stdint.h>

static inline long arch_compat_sigaction(int sig, uint64_t handler, uint64_t flags, uint64_t restorer, uint64_t mask)
{
	return -ENOSYS;
}

static inline long arch_compat_set_robust_list(uint64_t head, uint64_t size)
{
	return -ENOSYS;
}

static inline long arch_compat_map_vdso(uint64_t addr, uint64_t size)
{
	return -ENOSYS;
}
