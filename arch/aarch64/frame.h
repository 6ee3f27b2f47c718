/* SPDX-License-Identifier: LGPL-2.1-only */
/* The frame that rt_sigreturn(2) takes, as far as its first record: floating point and vector registers of 128 bits. */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* NT_PRFPREG: struct user_fpsimd_state. */
struct fpsimd {
	uint64_t v[64];
	uint32_t fpsr, fpcr, reserved[2];
};

static_assert(sizeof(struct fpsimd) == 528, "kernel ABI");

struct frame {
	uint8_t info[128];		/* the kernel does not look at it */
	uint64_t uc_flags, uc_link;
	uint64_t ss_sp;
	uint32_t ss_flags, pad;
	uint64_t ss_size;
	uint64_t mask;
	uint8_t unused[120];
	_Alignas(16) uint64_t fault_address;
	uint64_t x[31], sp, pc, pstate;
	/* Records, each with its magic number and its size; a pair of zeros ends them. */
	_Alignas(16) uint32_t magic;
	uint32_t size, fpsr, fpcr;
	uint64_t v[64];
	uint32_t end[4];
};

static_assert(offsetof(struct frame, mask) == 168, "kernel ABI");
static_assert(offsetof(struct frame, fault_address) == 304, "kernel ABI");
static_assert(offsetof(struct frame, magic) == 592, "kernel ABI");
static_assert(sizeof(struct frame) == 1136, "regs.h");

struct arch_regs;
void frame_fill(struct frame *f, const struct arch_regs *regs, const struct fpsimd *fp, uint64_t sigmask);
