// SPDX-License-Identifier: LGPL-2.1-only
/* Page size and the end of user space. */
#include "arch/arch.h"

#include <cpuid.h>
#include <unistd.h>

size_t arch_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/*
 * The kernel keeps one page free below the canonical hole. With LA57 user space has 56 bits, but
 * gives them only to who asks; a mapping there is legal.
 */
uint64_t arch_task_size(const struct arch_regs *regs)
{
	unsigned int a, b, c = 0, d;
	const unsigned int la57 = 1u << 16;

	if (arch_is_compat(regs))
		return 0x100000000ull;

	if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (c & la57)) {
		/* CPUID tells the CPU's ability; CR4.LA57 shows in the linear address width the OS uses
		 * only by trying: the larger limit is the safe one for a check of what exists. */
		return (1ull << 56) - 4096;
	}

	return (1ull << 47) - 4096;
}
