/* SPDX-License-Identifier: LGPL-2.1-only */
/* rt_sigaction(2) with the kernel's own struct, whose members differ by architecture. */
#pragma once

#include <stdint.h>

#include "arch/sys.h"

static inline long arch_sigaction(int sig, uint64_t handler, uint64_t flags, uint64_t restorer, uint64_t mask)
{
	const struct {
		uint64_t handler, flags, restorer, mask;
	} sa = { handler, flags, restorer, mask };

	return sys_rt_sigaction(sig, &sa, 0, sizeof(mask));
}
