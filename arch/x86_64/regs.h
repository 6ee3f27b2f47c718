/* SPDX-License-Identifier: LGPL-2.1-only */
/* x86_64 registers as PTRACE_GETREGS gives them (struct user_regs_struct), compat tasks too. */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

struct arch_regs {
	uint64_t r15, r14, r13, r12, bp, bx, r11, r10, r9, r8;
	uint64_t ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
	uint64_t fs_base, gs_base, ds, es, fs, gs;
};

static_assert(sizeof(struct arch_regs) == 216, "kernel ABI");

/* One slot of the GDT as get_thread_area(2) has it: struct user_desc. */
struct arch_user_desc {
	uint32_t entry_number, base_addr, limit, bits;
};

#define ARCH_GDT_TLS_MIN 12	/* 64-bit kernels: slots 12, 13, 14 */
#define ARCH_GDT_TLS_NR	 3

struct arch_extras {
	struct arch_user_desc tls[ARCH_GDT_TLS_NR];
	bool has_cet;			/* the CPU has user shadow stacks */
	uint64_t cet, ssp;		/* both 0: off */
};
