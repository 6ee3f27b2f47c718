/* SPDX-License-Identifier: LGPL-2.1-only */
/* Leave one's own stack for good. */
#pragma once

#include <stdint.h>

/* Go on at @pc with the one argument @arg, on the stack that ends at @sp. */
static inline __attribute__((noreturn)) void arch_jump(uint64_t pc, uint64_t sp, uint64_t arg)
{
	register uint64_t x0 __asm__("x0") = arg;

	__asm__ volatile("mov sp, %1\n\t"
			 "mov x29, xzr\n\t"
			 "mov x30, xzr\n\t"
			 "br %0"
			 :
			 : "r"(pc), "r"(sp), "r"(x0)
			 : "memory");
	__builtin_unreachable();
}
