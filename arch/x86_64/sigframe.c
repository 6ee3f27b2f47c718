// SPDX-License-Identifier: LGPL-2.1-only
/* The frame that rt_sigreturn(2) of x86_64 takes: registers, mask, and an xsave area beside it. */
#include "arch/arch.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "xstate.h"

#define UC_FP_XSTATE	     1u
#define UC_SIGCONTEXT_SS     2u
#define UC_STRICT_RESTORE_SS 4u

#define XSTATE_MAGIC1 0x46505853u
#define XSTATE_MAGIC2 0x46505845u

/* Flags that sigaltstack(2) refuses; rt_sigreturn ignores its error, so the stack stays. */
#define SS_KEEP 0x7fff

struct context {
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t di, si, bp, bx, dx, ax, cx, sp, ip, flags;
	uint16_t cs, gs, fs, ss;
	uint64_t err, trapno, oldmask, cr2, fpstate, reserved[8];
};

struct frame {
	uint64_t pretcode;
	uint64_t uc_flags, uc_link;
	uint64_t ss_sp;
	uint32_t ss_flags, pad;
	uint64_t ss_size;
	struct context mc;
	uint64_t mask;
	uint8_t info[128];
};

static_assert(sizeof(struct context) == 256, "kernel ABI");
static_assert(sizeof(struct frame) == 440, "kernel ABI");

/* What the kernel looks for in sw_reserved, to believe that an xsave area follows. */
struct sw_bytes {
	uint32_t magic1, extended_size;
	uint64_t features;
	uint32_t size;
};

size_t arch_sigframe_size(const struct arch_fpu *fpu)
{
	return sizeof(struct frame) + (fpu ? 64 + fpu->size + sizeof(uint32_t) : 0);
}

static void put_fpu(uint8_t *at, const struct arch_fpu *fpu)
{
	const struct xstate_layout *l = xstate_layout();
	const uint32_t magic2 = XSTATE_MAGIC2;
	const struct sw_bytes sw = {
		.magic1 = XSTATE_MAGIC1,
		.extended_size = (uint32_t)(fpu->size + sizeof(magic2)),
		/* All of them: those not in the header's xstate_bv get their initial state. */
		.features = l ? l->features : XSTATE_LEGACY,
		.size = (uint32_t)fpu->size,
	};

	memcpy(at, fpu->data, fpu->size);
	memset(at + XSTATE_SW, 0, XSTATE_HEADER - XSTATE_SW);
	memcpy(at + XSTATE_SW, &sw, sizeof(sw));
	memcpy(at + fpu->size, &magic2, sizeof(magic2));
}

int arch_sigframe_build(void *buf, uint64_t addr, const struct arch_regs *r, const struct arch_fpu *fpu,
			uint64_t sigmask, uint64_t *ret_sp)
{
	uint64_t fpstate = (addr + sizeof(struct frame) + 63) & ~63ull;
	struct frame f = {
		.uc_flags = UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS | (fpu ? UC_FP_XSTATE : 0),
		.ss_flags = SS_KEEP,
		.mask = sigmask,
		.mc = {
			.r8 = r->r8, .r9 = r->r9, .r10 = r->r10, .r11 = r->r11, .r12 = r->r12,
			.r13 = r->r13, .r14 = r->r14, .r15 = r->r15, .di = r->di, .si = r->si,
			.bp = r->bp, .bx = r->bx, .dx = r->dx, .ax = r->ax, .cx = r->cx, .sp = r->sp,
			.ip = r->ip, .flags = r->flags, .cs = (uint16_t)r->cs, .ss = (uint16_t)r->ss,
			.gs = (uint16_t)r->gs, .fs = (uint16_t)r->fs,
			.fpstate = fpu ? fpstate : 0,
		},
	};

	if (addr & 7 || (fpu && fpu->size < XSTATE_MIN_SIZE))
		return -EINVAL;

	memcpy(buf, &f, sizeof(f));
	if (fpu)
		put_fpu((uint8_t *)buf + (fpstate - addr), fpu);

	/* As if the handler's return had popped pretcode. */
	*ret_sp = addr + sizeof(f.pretcode);
	return 0;
}
