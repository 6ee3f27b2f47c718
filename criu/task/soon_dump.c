/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Until arch/x86_64/fpu.c and thread.c land, which replace these weak symbols; delete this file then.
 * General registers and the legacy FPU area only.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>

#include "arch/arch.h"
#include "proto/core.pb-c.h"

#define SOON __attribute__((weak))
#define NEW(T, I)                                                           \
	({                                                                  \
		T *p_ = alloc->alloc(alloc->allocator_data, sizeof(T));     \
		*p_ = (T)I;                                                 \
		p_;                                                         \
	})

SOON int arch_thread_get(pid_t tid, struct arch_thread *ret)
{
	ret->fpu = calloc(1, sizeof(struct arch_fpu) + 512);
	if (ptrace(PTRACE_GETFPREGS, tid, NULL, ret->fpu->data) < 0)
		return -errno;
	return arch_regs_get(tid, &ret->regs);
}

SOON const char *arch_fpu_not_in_image(const struct arch_fpu *fpu)
{
	return NULL;
}

SOON int arch_thread_to_image(const struct arch_thread *th, struct CoreEntry *core,
			      struct ProtobufCAllocator *alloc)
{
	ThreadInfoX86 *ti = NEW(ThreadInfoX86, THREAD_INFO_X86__INIT);
	UserX86RegsEntry *g = NEW(UserX86RegsEntry, USER_X86_REGS_ENTRY__INIT);
	UserX86FpregsEntry *f = NEW(UserX86FpregsEntry, USER_X86_FPREGS_ENTRY__INIT);
	struct arch_regs r = th->regs;
	struct user_fpregs_struct *x = (void *)th->fpu->data;

	core->mtype = 1;
	core->thread_info = ti;
	ti->clear_tid_addr = th->clear_tid_addr;
	ti->gpregs = g;
	ti->fpregs = f;
	arch_regs_fix_restart(&r, ARCH_RESTART_IMAGE);
#define C(x) g->x = r.x;
	C(r15)C(r14)C(r13)C(r12)C(bp)C(bx)C(r11)C(r10)C(r9)C(r8)C(ax)C(cx)C(dx)C(si)C(di)C(orig_ax)
	C(ip)C(cs)C(flags)C(sp)C(ss)C(fs_base)C(gs_base)C(ds)C(es)C(fs)C(gs)
	g->has_mode = 1;
	g->mode = 1;
	f->cwd = x->cwd;
	f->swd = x->swd;
	f->twd = x->ftw;
	f->fop = x->fop;
	f->rip = x->rip;
	f->rdp = x->rdp;
	f->mxcsr = x->mxcsr;
	f->mxcsr_mask = x->mxcr_mask;
	f->n_st_space = 32;
	f->st_space = alloc->alloc(alloc->allocator_data, 128);
	memcpy(f->st_space, x->st_space, 128);
	f->n_xmm_space = 64;
	f->xmm_space = alloc->alloc(alloc->allocator_data, 256);
	memcpy(f->xmm_space, x->xmm_space, 256);
	return 0;
}
