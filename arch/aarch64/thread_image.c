// SPDX-License-Identifier: LGPL-2.1-only
/*
 * A thread in its image: thread_info_aarch64. What is read is checked here field by field, so that
 * neither a damaged image nor another CPU's can do more than be refused.
 */
#include "arch/arch.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>

#include "fpu.h"
#include "image_alloc.h"
#include "proto/core.pb-c.h"

#define NR_X 31
#define NR_V 64

/* Bits of the mode, of masked interrupts and of the 32-bit state: all zero in user space. */
#define PSTATE_NOT_USER 0x3dfull

#define HWCAP_PACA_ (1ul << 30)
#define HWCAP_PACG_ (1ul << 31)

/* ---- to the image -------------------------------------------------------------------------------- */

static int regs_to_image(const struct arch_regs *from, UserAarch64RegsEntry *e, ProtobufCAllocator *a)
{
	struct arch_regs r = *from;

	arch_regs_fix_restart(&r, ARCH_RESTART_IMAGE);
	e->regs = get_copy(a, r.x, sizeof(r.x));
	e->n_regs = NR_X;
	e->sp = r.sp;
	e->pc = r.pc;
	e->pstate = r.pstate;
	return e->regs ? 0 : -ENOMEM;
}

static int fpsimd_to_image(const struct arch_fpu *fpu, UserAarch64FpsimdContextEntry *e, ProtobufCAllocator *a)
{
	const struct fpsimd *fp = &fpu_state(fpu)->fpsimd;

	e->vregs = get_copy(a, fp->v, sizeof(fp->v));
	e->n_vregs = NR_V;
	e->fpsr = fp->fpsr;
	e->fpcr = fp->fpcr;
	return e->vregs ? 0 : -ENOMEM;
}

/* Only where it says more than that there is SVE. */
static int sve_to_image(const struct arch_fpu *fpu, ThreadInfoAarch64 *ti, ProtobufCAllocator *a)
{
	const struct sve_header *h = fpu_sve(fpu);
	UserAarch64SveEntry *e;

	if (!h || (!(h->flags & SVE_FLAGS) && h->vl == fpu_default_vl()))
		return 0;
	e = ti->sve = new_message(a, USER_AARCH64_SVE_ENTRY, UserAarch64SveEntry);
	if (!e)
		return -ENOMEM;
	e->vl = h->vl;
	e->inherit = h->flags & SVE_VL_INHERIT;
	if (!(h->flags & SVE_LIVE))
		return 0;
	e->has_regs = true;
	e->regs.len = fpu_state(fpu)->sve_size - sizeof(*h);
	e->regs.data = get_copy(a, h + 1, e->regs.len);
	return e->regs.data ? 0 : -ENOMEM;
}

static int pac_to_image(const struct arch_extras *x, PacKeys *k, ProtobufCAllocator *a)
{
	if (x->has_paca) {
		PacAddressKeys *e = k->pac_address_keys = new_message(a, PAC_ADDRESS_KEYS, PacAddressKeys);

		if (!e)
			return -ENOMEM;
		e->apiakey_lo = x->paca[0], e->apiakey_hi = x->paca[1];
		e->apibkey_lo = x->paca[2], e->apibkey_hi = x->paca[3];
		e->apdakey_lo = x->paca[4], e->apdakey_hi = x->paca[5];
		e->apdbkey_lo = x->paca[6], e->apdbkey_hi = x->paca[7];
		e->pac_enabled_key = x->pac_enabled;
	}
	if (x->has_pacg) {
		PacGenericKeys *e = k->pac_generic_keys = new_message(a, PAC_GENERIC_KEYS, PacGenericKeys);

		if (!e)
			return -ENOMEM;
		e->apgakey_lo = x->pacg[0], e->apgakey_hi = x->pacg[1];
	}
	return 0;
}

int arch_thread_to_image(const struct arch_thread *thread, struct CoreEntry *core,
			 struct ProtobufCAllocator *alloc)
{
	ThreadInfoAarch64 *ti = new_message(alloc, THREAD_INFO_AARCH64, ThreadInfoAarch64);
	int r;

	if (!ti)
		return -ENOMEM;

	core->mtype = CORE_ENTRY__MARCH__AARCH64;
	core->ti_aarch64 = ti;
	ti->clear_tid_addr = thread->clear_tid_addr;
	ti->tls = thread->extras.tls[0];
	ti->has_tls2 = thread->extras.tls[1];
	ti->tls2 = thread->extras.tls[1];
	ti->has_tagged_addr = thread->extras.tagged_addr;
	ti->tagged_addr = thread->extras.tagged_addr;

	ti->gpregs = new_message(alloc, USER_AARCH64_REGS_ENTRY, UserAarch64RegsEntry);
	ti->fpsimd = new_message(alloc, USER_AARCH64_FPSIMD_CONTEXT_ENTRY, UserAarch64FpsimdContextEntry);
	ti->pac_keys = new_message(alloc, PAC_KEYS, PacKeys);
	if (!ti->gpregs || !ti->fpsimd || !ti->pac_keys)
		return -ENOMEM;

	r = regs_to_image(&thread->regs, ti->gpregs, alloc);
	if (r == 0)
		r = fpsimd_to_image(thread->fpu, ti->fpsimd, alloc);
	if (r == 0)
		r = sve_to_image(thread->fpu, ti, alloc);
	return r < 0 ? r : pac_to_image(&thread->extras, ti->pac_keys, alloc);
}

/* ---- and back ------------------------------------------------------------------------------------ */

static int regs_from_image(const UserAarch64RegsEntry *e, struct arch_regs *r, const char **why)
{
	*why = "damaged registers: not 31 of them";
	if (e->n_regs != NR_X)
		return -EINVAL;
	*why = "damaged registers: an address outside of user space";
	if (e->pc >= arch_task_size(r))
		return -EINVAL;
	*why = "damaged registers: a state that is not of user space";
	if (e->pstate & PSTATE_NOT_USER)
		return -EINVAL;

	memcpy(r->x, e->regs, sizeof(r->x));
	r->sp = e->sp;
	r->pc = e->pc;
	r->pstate = e->pstate;
	return 0;
}

static int sve_from_image(const UserAarch64SveEntry *e, struct arch_fpu **ret_fpu, const char **why)
{
	struct sve_header h = { .vl = (uint16_t)e->vl, .flags = e->inherit ? SVE_VL_INHERIT : 0 };
	struct arch_fpu *fpu;

	*why = "SVE registers; this CPU or kernel has none";
	if (!fpu_default_vl())
		return -EOPNOTSUPP;
	*why = "damaged SVE state";
	if (e->vl < SVE_VL_MIN || e->vl > SVE_VL_MAX || e->vl % SVE_VL_MIN)
		return -EINVAL;
	if (e->has_regs && e->regs.len != sve_regset_size(e->vl) - sizeof(h))
		return -EINVAL;

	fpu = *ret_fpu = fpu_new(sizeof(h) + (e->has_regs ? e->regs.len : 0));
	if (!fpu)
		return -ENOMEM;
	h.size = fpu_state(fpu)->sve_size;
	h.flags |= e->has_regs ? SVE_LIVE : 0;
	memcpy((void *)fpu_state(fpu)->sve, &h, sizeof(h));
	if (e->has_regs)
		memcpy((uint8_t *)fpu_state(fpu)->sve + sizeof(h), e->regs.data, e->regs.len);
	return 0;
}

static int fpu_from_image(const ThreadInfoAarch64 *ti, struct arch_thread *t, const char **why)
{
	const UserAarch64FpsimdContextEntry *e = ti->fpsimd;
	struct fpsimd *fp;
	int r;

	*why = "damaged floating point state";
	if (e->n_vregs != NR_V)
		return -EINVAL;
	if (ti->sve) {
		r = sve_from_image(ti->sve, &t->fpu, why);
		if (r < 0)
			return r;
	} else {
		t->fpu = fpu_new(0);
	}
	*why = "no memory";
	if (!t->fpu)
		return -ENOMEM;

	fp = (struct fpsimd *)&fpu_state(t->fpu)->fpsimd;
	memcpy(fp->v, e->vregs, sizeof(fp->v));
	fp->fpsr = e->fpsr;
	fp->fpcr = e->fpcr;
	return 0;
}

static int pac_from_image(const PacKeys *k, struct arch_extras *x, const char **why)
{
	const PacAddressKeys *a = k ? k->pac_address_keys : NULL;
	const PacGenericKeys *g = k ? k->pac_generic_keys : NULL;
	const unsigned long has = getauxval(AT_HWCAP);

	*why = "keys of pointer authentication; this CPU or kernel has none";
	if ((a && !(has & HWCAP_PACA_)) || (g && !(has & HWCAP_PACG_)))
		return -EOPNOTSUPP;

	if (a) {
		const uint64_t keys[8] = { a->apiakey_lo, a->apiakey_hi, a->apibkey_lo, a->apibkey_hi,
					   a->apdakey_lo, a->apdakey_hi, a->apdbkey_lo, a->apdbkey_hi };

		x->has_paca = true;
		x->pac_enabled = a->pac_enabled_key;
		memcpy(x->paca, keys, sizeof(keys));
	}
	if (g) {
		x->has_pacg = true;
		x->pacg[0] = g->apgakey_lo;
		x->pacg[1] = g->apgakey_hi;
	}
	return 0;
}

int arch_thread_from_image(const struct CoreEntry *core, struct arch_thread *ret_thread,
			   const char **ret_why)
{
	const ThreadInfoAarch64 *ti = core->ti_aarch64;
	struct arch_thread t = { 0 };
	const char *why = "registers of another architecture";
	int r = -EINVAL;

	if (core->mtype == CORE_ENTRY__MARCH__AARCH64 && ti) {
		t.clear_tid_addr = ti->clear_tid_addr;
		t.extras.tls[0] = ti->tls;
		t.extras.tls[1] = ti->tls2;
		t.extras.tagged_addr = ti->tagged_addr;
		r = regs_from_image(ti->gpregs, &t.regs, &why);
		if (r == 0)
			r = pac_from_image(ti->pac_keys, &t.extras, &why);
		if (r == 0)
			r = fpu_from_image(ti, &t, &why);
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
	return core->ti_aarch64 ? core->ti_aarch64->clear_tid_addr : 0;
}
