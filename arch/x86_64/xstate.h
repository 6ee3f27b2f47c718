/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The xsave area in the standard format, which ptrace and signal frames use: 512 bytes of FXSAVE,
 * a header of 64, then the components, where CPUID leaf 0xD says.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum xstate_component {
	XSTATE_X87,
	XSTATE_SSE,
	XSTATE_YMM,
	XSTATE_BNDREGS,
	XSTATE_BNDCSR,
	XSTATE_OPMASK,
	XSTATE_ZMM_HI256,
	XSTATE_HI16_ZMM,
	XSTATE_PKRU = 9,
	XSTATE_TILECFG = 17,
	XSTATE_TILEDATA = 18,
	XSTATE_NR,
};

#define XSTATE_LEGACY	3ull		/* x87 and SSE: in the FXSAVE part */
#define XSTATE_HEADER	512
#define XSTATE_MIN_SIZE 576
#define XSTATE_SW	464		/* sw_reserved: the kernel notes here what it put in */

/* The FXSAVE part. */
struct fxsave {
	uint16_t cwd, swd, twd, fop;
	uint64_t rip, rdp;
	uint32_t mxcsr, mxcsr_mask;
	uint32_t st_space[32];
	uint32_t xmm_space[64];
	uint32_t padding[12];
	uint32_t sw_reserved[12];
};

struct xstate_layout {
	uint64_t features;		/* XCR0: what the kernel enabled */
	size_t size;			/* of the whole area */
	uint32_t mxcsr_mask;
	bool has_shstk;			/* CPUID: user shadow stacks */
	struct {
		uint32_t offset, size;
	} part[XSTATE_NR];
};

/* Of this CPU: asked once, never stale. NULL on a CPU without xsave. */
const struct xstate_layout *xstate_layout(void);
