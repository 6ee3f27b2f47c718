/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * x86_64 registers as PTRACE_GETREGS gives them (struct user_regs_struct), for compat tasks too:
 * NT_PRSTATUS would change its layout with cs.
 */
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

/* rt_sigaction(2) as the kernel has it; the order of fields differs between architectures. */
struct arch_sigaction {
	uint64_t handler, flags, restorer, mask;
};

#define ARCH_SIGSTOP 19

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

/*
 * How code inside the task leaves to where the thread was: what C code may have changed is loaded
 * from here by blob_entry (entry.S, which knows the order), then it jumps to @pc with a system call
 * number and two arguments: to the first byte of a trampoline, or to its way home.
 */
struct arch_leave {
	uint64_t bx, bp, r12, r13, r14, r15, sp, flags;
	uint64_t nr, arg0, arg1, pc;
};

static_assert(sizeof(struct arch_leave) == 96, "entry.S");

#define ARCH_ELF_MACHINE	62 /* EM_X86_64 */
#define ARCH_ELF_MACHINE_COMPAT 3  /* EM_386 */

/* The one relocation of a blob. */
#define ARCH_R_RELATIVE 8 /* R_X86_64_RELATIVE */

/* Where a trampoline's way home begins, behind its first system call. */
#define ARCH_TRAMPOLINE_HOME 2
#define ARCH_TRAMPOLINE_SIZE 192

static inline void arch_leave_init(struct arch_leave *l, const struct arch_regs *home)
{
	*l = (struct arch_leave){
		.bx = home->bx, .bp = home->bp, .r12 = home->r12, .r13 = home->r13,
		.r14 = home->r14, .r15 = home->r15, .sp = home->sp, .flags = home->flags,
	};
}

static inline void arch_leave_aim(struct arch_leave *l, uint64_t pc, long nr, uint64_t a, uint64_t b)
{
	l->pc = pc;
	l->nr = (uint64_t)nr;
	l->arg0 = a;
	l->arg1 = b;
}
