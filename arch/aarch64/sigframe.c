// SPDX-License-Identifier: LGPL-2.1-only
/* The frame that rt_sigreturn(2) of aarch64 takes. */
#include "arch/arch.h"

#include <errno.h>
#include <string.h>

#include "fpu.h"
#include "frame.h"

#define FPSIMD_MAGIC 0x46508001u
#define FPSIMD_SIZE  528

/* Flags that sigaltstack(2) refuses; rt_sigreturn ignores its error, so the stack stays. */
#define SS_KEEP 0x7fff

void frame_fill(struct frame *f, const struct arch_regs *regs, const struct fpsimd *fp, uint64_t sigmask)
{
	*f = (struct frame){
		.ss_flags = SS_KEEP, .mask = sigmask,
		.sp = regs->sp, .pc = regs->pc, .pstate = regs->pstate,
		.magic = FPSIMD_MAGIC, .size = FPSIMD_SIZE,
	};
	memcpy(f->x, regs->x, sizeof(f->x));
	if (!fp)
		return;
	f->fpsr = fp->fpsr;
	f->fpcr = fp->fpcr;
	memcpy(f->v, fp->v, sizeof(f->v));
}

size_t arch_sigframe_size(const struct arch_fpu *fpu)
{
	return sizeof(struct frame);
}

int arch_sigframe_build(void *buf, uint64_t addr, const struct arch_regs *regs, const struct arch_fpu *fpu,
			uint64_t sigmask, uint64_t *ret_sp)
{
	struct frame f;

	if (addr & 15)
		return -EINVAL;
	if (fpu && fpu_sve_is_live(fpu))
		return -EOPNOTSUPP; /* the engine sets these by ptrace */

	frame_fill(&f, regs, fpu ? &fpu_state(fpu)->fpsimd : NULL, sigmask);
	memcpy(buf, &f, sizeof(f));
	*ret_sp = addr;
	return 0;
}
