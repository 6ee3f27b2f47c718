/* SPDX-License-Identifier: LGPL-2.1-only */
/* What struct arch_fpu holds on aarch64. */
#pragma once

#include "arch/arch.h"
#include "frame.h"

/* NT_ARM_SVE: struct user_sve_header. */
struct sve_header {
	uint32_t size, max_size;
	uint16_t vl, max_vl, flags, reserved;
};

enum {
	SVE_LIVE = 1,		/* the registers are of SVE; else of FPSIMD, in the same layout as NT_PRFPREG */
	SVE_VL_INHERIT = 2,
	SVE_FLAGS = SVE_LIVE | SVE_VL_INHERIT,
};

/* Bytes of the regset with live registers of @vl bytes: Z0..Z31, P0..P15, FFR, padded; FPSR and FPCR. */
static inline size_t sve_regset_size(size_t vl)
{
	return ((sizeof(struct sve_header) + 32 * vl + 17 * (vl / 8) + 15) & ~15ul) + 16;
}

#define SVE_VL_MIN 16
#define SVE_VL_MAX 8192 /* what the format of the kernel allows */

struct fpu_state {
	struct fpsimd fpsimd;
	uint32_t sme;			/* enum: what of SME is in use */
	uint32_t sve_size;		/* 0: this CPU has none */
	_Alignas(16) uint8_t sve[];	/* the regset; where it is not live, its header alone */
};

enum { SME_STREAMING = 1, SME_ZA = 2 };

static inline const struct fpu_state *fpu_state(const struct arch_fpu *fpu)
{
	return (const struct fpu_state *)fpu->data;
}

static inline const struct sve_header *fpu_sve(const struct arch_fpu *fpu)
{
	return fpu_state(fpu)->sve_size ? (const struct sve_header *)fpu_state(fpu)->sve : NULL;
}

static inline bool fpu_sve_is_live(const struct arch_fpu *fpu)
{
	return fpu_sve(fpu) && (fpu_sve(fpu)->flags & SVE_LIVE);
}

/* Room for an SVE regset of @sve_size bytes; zeroed. */
struct arch_fpu *fpu_new(size_t sve_size);
/* The vector length a thread has by itself, in bytes: ours. 0: no SVE here. */
unsigned int fpu_default_vl(void);
