/* SPDX-License-Identifier: LGPL-2.1-only */
/* Leave one's own stack for good. */
#pragma once

#include <stdint.h>

/* Go on at @pc with the one argument @arg, on the stack that ends at @sp. */
static inline __attribute__((noreturn)) void arch_jump(uint64_t pc, uint64_t sp, uint64_t arg)
{
	__asm__ volatile("movq %1, %%rsp\n\t"
			 "xorl %%ebp, %%ebp\n\t"
			 "jmp *%0"
			 :
			 : "r"(pc), "r"(sp), "D"(arg)
			 : "memory");
	__builtin_unreachable();
}
