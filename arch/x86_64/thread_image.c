// SPDX-License-Identifier: LGPL-2.1-only
/*
 * A thread in its image: thread_info_x86. What is read is checked here field by field, so that
 * neither a damaged image nor another CPU's can do more than be refused.
 */
#include "arch/arch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image_alloc.h"
#include "proto/core.pb-c.h"
#include "xstate.h"

#define CS_NATIVE 0x33
#define CS_COMPAT 0x23
#define SS_USER	  0x2b

/* ---- general registers ------------------------------------------------------------------------- */

static void regs_to_image(const struct arch_regs *from, UserX86RegsEntry *e)
{
	struct arch_regs r = *from;
	bool compat = arch_is_compat(from);

	arch_regs_fix_restart(&r, ARCH_RESTART_IMAGE);

	e->bp = r.bp, e->bx = r.bx, e->ax = r.ax, e->cx = r.cx, e->dx = r.dx, e->si = r.si, e->di = r.di;
	e->orig_ax = r.orig_ax, e->ip = r.ip, e->cs = r.cs, e->flags = r.flags, e->sp = r.sp, e->ss = r.ss;
	e->ds = r.ds, e->es = r.es, e->fs = r.fs, e->gs = r.gs;
	e->has_mode = true;
	e->mode = compat ? USER_X86_REGS_MODE__COMPAT : USER_X86_REGS_MODE__NATIVE;
	if (compat) {
		e->ax = (uint32_t)e->ax;
		e->orig_ax = (uint32_t)e->orig_ax;
		return;
	}

	e->r15 = r.r15, e->r14 = r.r14, e->r13 = r.r13, e->r12 = r.r12;
	e->r11 = r.r11, e->r10 = r.r10, e->r9 = r.r9, e->r8 = r.r8;
	e->fs_base = r.fs_base, e->gs_base = r.gs_base;
}

static bool selector_ok(uint64_t sel)
{
	return sel <= 0xffff && (sel == 0 || (sel & 3) == 3);
}

static int regs_from_image(const UserX86RegsEntry *e, struct arch_regs *r, const char **why)
{
	bool compat = e->has_mode && e->mode == USER_X86_REGS_MODE__COMPAT;
	uint64_t end = arch_task_size(&(struct arch_regs){ .cs = compat ? CS_COMPAT : CS_NATIVE });

	*why = "damaged registers: unknown mode or code segment";
	if (e->has_mode && !compat && e->mode != USER_X86_REGS_MODE__NATIVE)
		return -EINVAL;
	if (e->cs != (compat ? CS_COMPAT : CS_NATIVE))
		return -EINVAL;

	*why = "damaged registers: an address outside of user space";
	if (e->ip >= end || e->fs_base >= end || e->gs_base >= end || (compat && e->sp >= end))
		return -EINVAL;

	*why = "damaged registers: a segment of the kernel";
	if (!selector_ok(e->fs) || !selector_ok(e->gs) ||
	    (compat && (!selector_ok(e->ds) || !selector_ok(e->es))))
		return -EINVAL;

	*r = (struct arch_regs){
		.r15 = e->r15, .r14 = e->r14, .r13 = e->r13, .r12 = e->r12, .bp = e->bp, .bx = e->bx,
		.r11 = e->r11, .r10 = e->r10, .r9 = e->r9, .r8 = e->r8, .ax = e->ax, .cx = e->cx,
		.dx = e->dx, .si = e->si, .di = e->di, .orig_ax = e->orig_ax, .ip = e->ip, .cs = e->cs,
		.flags = e->flags, .sp = e->sp, .ss = SS_USER, .fs_base = e->fs_base,
		.gs_base = e->gs_base, .fs = e->fs, .gs = e->gs,
	};
	if (compat) {
		r->ds = e->ds;
		r->es = e->es;
		/* The kernel tells restarts by sign. */
		r->ax = (uint64_t)(int64_t)(int32_t)e->ax;
		r->orig_ax = (uint64_t)(int64_t)(int32_t)e->orig_ax;
	}

	/* An interrupted call that whoever wrote this left for the kernel to restart. */
	arch_regs_fix_restart(r, ARCH_RESTART_IMAGE);
	return 0;
}

/* ---- extended state ------------------------------------------------------------------------------ */

/* One component: its array in the message. A row each, so that both ways agree. */
struct part {
	enum xstate_component component;
	uint32_t width;			/* of an element */
	uint32_t count;
	size_t n_offset, array_offset;	/* in UserX86XsaveEntry */
};

#define PART(comp, type, count, field) \
	{ comp, sizeof(type), count, offsetof(UserX86XsaveEntry, n_##field), offsetof(UserX86XsaveEntry, field) }

static const struct part parts[] = {
	PART(XSTATE_YMM, uint32_t, 64, ymmh_space),
	PART(XSTATE_BNDREGS, uint64_t, 8, bndreg_state),
	PART(XSTATE_BNDCSR, uint64_t, 8, bndcsr_state),
	PART(XSTATE_OPMASK, uint64_t, 8, opmask_reg),
	PART(XSTATE_ZMM_HI256, uint64_t, 64, zmm_upper),
	PART(XSTATE_HI16_ZMM, uint64_t, 128, hi16_zmm),
	PART(XSTATE_PKRU, uint32_t, 2, pkru),
};

#define NR_PARTS (sizeof(parts) / sizeof(parts[0]))

static int xsave_to_image(const struct arch_thread *t, UserX86XsaveEntry *x, ProtobufCAllocator *a)
{
	const struct xstate_layout *l = xstate_layout();
	const struct arch_fpu *fpu = t->fpu;

	memcpy(&x->xstate_bv, fpu->data + XSTATE_HEADER, sizeof(x->xstate_bv));

	for (size_t i = 0; i < NR_PARTS; i++) {
		const struct part *p = &parts[i];
		size_t size = (size_t)p->width * p->count, at = l->part[p->component].offset;
		void **array = (void **)((char *)x + p->array_offset);

		if (!l->part[p->component].size || at > fpu->size || fpu->size - at < size)
			continue;
		*array = get_copy(a, fpu->data + at, size);
		if (!*array)
			return -ENOMEM;
		*(size_t *)((char *)x + p->n_offset) = p->count;
	}

	if (t->extras.has_cet) {
		x->cet = new_message(a, USER_X86_CET_ENTRY, UserX86CetEntry);
		if (!x->cet)
			return -ENOMEM;
		x->cet->cet = t->extras.cet;
		x->cet->ssp = t->extras.ssp;
	}

	return 0;
}

static int fpu_to_image(const struct arch_thread *t, UserX86FpregsEntry *e, ProtobufCAllocator *a)
{
	struct fxsave fx;

	memcpy(&fx, t->fpu->data, sizeof(fx));
	e->cwd = fx.cwd, e->swd = fx.swd, e->twd = fx.twd, e->fop = fx.fop;
	e->rip = fx.rip, e->rdp = fx.rdp, e->mxcsr = fx.mxcsr, e->mxcsr_mask = fx.mxcsr_mask;

	e->st_space = get_copy(a, fx.st_space, sizeof(fx.st_space));
	e->xmm_space = get_copy(a, fx.xmm_space, sizeof(fx.xmm_space));
	if (!e->st_space || !e->xmm_space)
		return -ENOMEM;
	e->n_st_space = 32;
	e->n_xmm_space = 64;

	if (!xstate_layout())
		return 0;

	e->xsave = new_message(a, USER_X86_XSAVE_ENTRY, UserX86XsaveEntry);
	return e->xsave ? xsave_to_image(t, e->xsave, a) : -ENOMEM;
}

static int xsave_from_image(const UserX86XsaveEntry *x, struct arch_fpu *fpu, const char **why)
{
	const struct xstate_layout *l = xstate_layout();
	uint64_t in_use = XSTATE_LEGACY;

	*why = "vector state that this CPU or kernel does not have";
	if (x->xstate_bv & ~l->features)
		return -EOPNOTSUPP;

	for (size_t i = 0; i < NR_PARTS; i++) {
		const struct part *p = &parts[i];
		const void *array = *(void *const *)((const char *)x + p->array_offset);
		size_t n = *(const size_t *)((const char *)x + p->n_offset);
		size_t size = (size_t)p->width * p->count, at = l->part[p->component].offset;

		if (n == 0 || !(x->xstate_bv >> p->component & 1))
			continue;
		*why = "damaged vector state: an array is too short";
		if (n < p->count || at > fpu->size || fpu->size - at < size)
			return -EINVAL;
		memcpy(fpu->data + at, array, size);
		in_use |= 1ull << p->component;
	}

	memcpy(fpu->data + XSTATE_HEADER, &in_use, sizeof(in_use));
	return 0;
}

static int fxsave_from_image(const UserX86FpregsEntry *e, struct fxsave *fx, uint32_t mxcsr_mask,
			     const char **why)
{
	*why = "damaged floating point state";
	if (e->cwd > 0xffff || e->swd > 0xffff || e->twd > 0xffff || e->fop > 0xffff)
		return -EINVAL;
	if (e->n_st_space < 32 || e->n_xmm_space < 64)
		return -EINVAL;

	*why = "mxcsr bits that this CPU does not have";
	if (e->mxcsr & ~mxcsr_mask)
		return -EOPNOTSUPP;

	fx->cwd = (uint16_t)e->cwd, fx->swd = (uint16_t)e->swd;
	fx->twd = (uint16_t)e->twd, fx->fop = (uint16_t)e->fop;
	fx->rip = e->rip, fx->rdp = e->rdp, fx->mxcsr = e->mxcsr, fx->mxcsr_mask = mxcsr_mask;
	memcpy(fx->st_space, e->st_space, sizeof(fx->st_space));
	memcpy(fx->xmm_space, e->xmm_space, sizeof(fx->xmm_space));
	return 0;
}

static int fpu_from_image(const UserX86FpregsEntry *e, struct arch_thread *t, const char **why)
{
	const struct xstate_layout *l = xstate_layout();
	const uint64_t legacy = XSTATE_LEGACY;
	struct fxsave fx = { 0 };
	int r;

	*why = "floating point state; this CPU has no xsave";
	if (!l)
		return -EOPNOTSUPP;

	r = fxsave_from_image(e, &fx, l->mxcsr_mask, why);
	if (r < 0)
		return r;

	t->fpu = aligned_alloc(64, sizeof(*t->fpu) + ((l->size + 63) & ~63ul));
	*why = "no memory";
	if (!t->fpu)
		return -ENOMEM;
	t->fpu->size = l->size;
	memset(t->fpu->data, 0, l->size);
	memcpy(t->fpu->data, &fx, sizeof(fx));
	memcpy(t->fpu->data + XSTATE_HEADER, &legacy, sizeof(legacy));

	if (!e->xsave)
		return 0;
	if (e->xsave->cet) {
		t->extras.has_cet = true;
		t->extras.cet = e->xsave->cet->cet;
		t->extras.ssp = e->xsave->cet->ssp;
		*why = "a shadow stack; this CPU or kernel has none";
		if ((t->extras.cet & 1) && !l->has_shstk)
			return -EOPNOTSUPP;
	}

	return xsave_from_image(e->xsave, t->fpu, why);
}

/* ---- thread local storage in the GDT ------------------------------------------------------------ */

/* Bits of struct user_desc, in the order of its bit fields. */
enum {
	DESC_32BIT = 1u << 0,
	DESC_CONTENTS_L = 1u << 1,
	DESC_CONTENTS_H = 1u << 2,
	DESC_READ_EXEC = 1u << 3,
	DESC_IN_PAGES = 1u << 4,
	DESC_NOT_PRESENT = 1u << 5,
	DESC_USABLE = 1u << 6,
};

static int tls_to_image(const struct arch_extras *x, ThreadInfoX86 *ti, ProtobufCAllocator *a)
{
	ti->tls = get(a, ARCH_GDT_TLS_NR * sizeof(*ti->tls));
	if (!ti->tls)
		return -ENOMEM;

	for (; ti->n_tls < ARCH_GDT_TLS_NR; ti->n_tls++) {
		const struct arch_user_desc *from = &x->tls[ti->n_tls];
		UserDescT *d = new_message(a, USER_DESC_T, UserDescT);

		if (!d)
			return -ENOMEM;
		d->entry_number = ARCH_GDT_TLS_MIN + (uint32_t)ti->n_tls;
		d->base_addr = from->base_addr;
		d->limit = from->limit;
		d->seg_32bit = from->bits & DESC_32BIT;
		d->contents_h = from->bits & DESC_CONTENTS_H;
		d->contents_l = from->bits & DESC_CONTENTS_L;
		d->read_exec_only = from->bits & DESC_READ_EXEC;
		d->limit_in_pages = from->bits & DESC_IN_PAGES;
		d->seg_not_present = from->bits & DESC_NOT_PRESENT;
		d->usable = from->bits & DESC_USABLE;
		ti->tls[ti->n_tls] = d;
	}

	return 0;
}

static int tls_from_image(const ThreadInfoX86 *ti, struct arch_extras *x, const char **why)
{
	for (uint32_t i = 0; i < ARCH_GDT_TLS_NR; i++)
		x->tls[i] = (struct arch_user_desc){ ARCH_GDT_TLS_MIN + i, 0, 0, DESC_READ_EXEC | DESC_NOT_PRESENT };

	for (size_t i = 0; i < ti->n_tls; i++) {
		const UserDescT *d = ti->tls[i];
		struct arch_user_desc *to;
		uint32_t slot = d->entry_number - ARCH_GDT_TLS_MIN;

		*why = "damaged thread local storage: no such slot";
		if (slot >= ARCH_GDT_TLS_NR)
			return -EINVAL;
		to = &x->tls[slot];
		to->base_addr = d->base_addr;
		to->limit = d->limit;
		to->bits = (d->seg_32bit ? DESC_32BIT : 0) | (d->contents_h ? DESC_CONTENTS_H : 0) |
			   (d->contents_l ? DESC_CONTENTS_L : 0) | (d->read_exec_only ? DESC_READ_EXEC : 0) |
			   (d->limit_in_pages ? DESC_IN_PAGES : 0) |
			   (d->seg_not_present ? DESC_NOT_PRESENT : 0) | (d->usable ? DESC_USABLE : 0);
	}

	return 0;
}

/*
 * A 32-bit thread's image has selectors alone. The kernel writes bases as they are given, so give those that loading
 * the selectors would (Linux 5.9, FSGSBASE).
 */
static int bases_of_selectors(struct arch_thread *t, const char **why)
{
	const struct {
		uint64_t sel, *base;
	} v[] = { { t->regs.fs, &t->regs.fs_base }, { t->regs.gs, &t->regs.gs_base } };

	for (size_t i = 0; i < 2 && arch_is_compat(&t->regs); i++) {
		uint64_t slot = (v[i].sel >> 3) - ARCH_GDT_TLS_MIN;

		*why = "a segment of its local descriptor table";
		if (v[i].sel & 4)
			return -EOPNOTSUPP;
		*v[i].base = slot < ARCH_GDT_TLS_NR ? t->extras.tls[slot].base_addr : 0;
	}
	return 0;
}

/* ---- all ----------------------------------------------------------------------------------------- */

int arch_thread_to_image(const struct arch_thread *thread, struct CoreEntry *core,
			 struct ProtobufCAllocator *alloc)
{
	ThreadInfoX86 *ti = new_message(alloc, THREAD_INFO_X86, ThreadInfoX86);
	int r;

	if (!ti)
		return -ENOMEM;

	core->mtype = CORE_ENTRY__MARCH__X86_64;
	core->thread_info = ti;
	ti->clear_tid_addr = thread->clear_tid_addr;

	ti->gpregs = new_message(alloc, USER_X86_REGS_ENTRY, UserX86RegsEntry);
	ti->fpregs = new_message(alloc, USER_X86_FPREGS_ENTRY, UserX86FpregsEntry);
	if (!ti->gpregs || !ti->fpregs)
		return -ENOMEM;

	regs_to_image(&thread->regs, ti->gpregs);
	r = fpu_to_image(thread, ti->fpregs, alloc);
	return r < 0 ? r : tls_to_image(&thread->extras, ti, alloc);
}

int arch_thread_from_image(const struct CoreEntry *core, struct arch_thread *ret_thread,
			   const char **ret_why)
{
	const ThreadInfoX86 *ti = core->thread_info;
	struct arch_thread t = { 0 };
	const char *why = "registers of another architecture";
	int r = -EINVAL;

	if (core->mtype == CORE_ENTRY__MARCH__X86_64 && ti) {
		t.clear_tid_addr = ti->clear_tid_addr;
		r = regs_from_image(ti->gpregs, &t.regs, &why);
		if (r == 0)
			r = tls_from_image(ti, &t.extras, &why);
		if (r == 0)
			r = bases_of_selectors(&t, &why);
		if (r == 0)
			r = fpu_from_image(ti->fpregs, &t, &why);
	}

	if (r < 0) {
		if (ret_why)
			*ret_why = why;
		arch_thread_free(&t);
		return r;
	}

	*ret_thread = t;
	return 0;
}

uint64_t arch_image_clear_tid(const struct CoreEntry *core)
{
	return core->thread_info ? core->thread_info->clear_tid_addr : 0;
}

bool arch_image_is_compat(const struct CoreEntry *core)
{
	const ThreadInfoX86 *ti = core->thread_info;

	return ti && ti->gpregs->has_mode && ti->gpregs->mode == USER_X86_REGS_MODE__COMPAT;
}
