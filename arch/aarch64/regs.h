/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * aarch64 registers: first as NT_PRSTATUS gives them (struct user_pt_regs), then what we know beside.
 */
#pragma once

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arch_regs {
	uint64_t x[31], sp, pc, pstate;
	/* The thread waits in a call that goes on by restart_syscall(2) alone: see arch_regs_fix_restart(). */
	bool has_restart_block;
};

#define ARCH_REGS_SIZE offsetof(struct arch_regs, has_restart_block)
static_assert(ARCH_REGS_SIZE == 272, "kernel ABI");

/* rt_sigaction(2) as the kernel has it; the order of fields differs between architectures. */
struct arch_sigaction {
	uint64_t handler, flags, restorer, mask;
};

#define ARCH_SIGSTOP 19

struct arch_extras {
	uint64_t tls[2];		/* TPIDR_EL0; TPIDR2_EL0, where there is SME */
	bool has_paca, has_pacg;	/* keys of pointer authentication */
	uint64_t paca[8], pac_enabled;	/* APIA, APIB, APDA, APDB, low half first */
	uint64_t pacg[2];
	uint64_t tagged_addr;		/* prctl(PR_SET_TAGGED_ADDR_CTRL) */
};

/* How code inside the task leaves: a jump to @pc with a system call number and two arguments. entry.S knows the order. */
struct arch_leave {
	uint64_t pc, nr, arg0, arg1;
};

static_assert(sizeof(struct arch_leave) == 32, "entry.S");

#define ARCH_ELF_MACHINE	183 /* EM_AARCH64 */
#define ARCH_ELF_MACHINE_COMPAT 40  /* EM_ARM */

/* The one relocation of a blob. */
#define ARCH_R_RELATIVE 1027 /* R_AARCH64_RELATIVE */

/* Where a trampoline's way home begins, behind its first system call. */
#define ARCH_TRAMPOLINE_HOME 4
/* A signal frame, cut behind the vector registers. */
#define ARCH_TRAMPOLINE_SIZE 1136

static inline void arch_leave_init(struct arch_leave *l, const struct arch_regs *home)
{
	*l = (struct arch_leave){ 0 };
}

static inline void arch_leave_aim(struct arch_leave *l, uint64_t pc, long nr, uint64_t a, uint64_t b)
{
	*l = (struct arch_leave){ pc, (uint64_t)nr, a, b };
}
