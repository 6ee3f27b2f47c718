/* SPDX-License-Identifier: LGPL-2.1-only */
/* Facts that only an architecture can ask about, for kerndat's rows. Needs nothing of arch.h. */
#pragma once

#include <stdint.h>

enum arch_fact {
	ARCH_FACT_MAP_VDSO,	/* the kernel maps a vdso on request */
	ARCH_FACT_COMPAT,	/* tasks of the 32-bit kind run, and their vdso can be mapped */
	ARCH_FACT_XSAVE_SIZE,	/* value: bytes of extended state */
	ARCH_FACT_XFEATURES,	/* value: mask of enabled state components */
	ARCH_FACT_AMX,		/* tile state can be asked for; value: mask of what is given on request */
	ARCH_FACT_SHADOW_STACK, /* user shadow stacks; value: what is on for us, 0 for nothing */
	ARCH_FACT_SHSTK_CPU,	/* ... the CPU has them */
	ARCH_FACT_SHSTK_KERNEL, /* ... the kernel has calls for them */
	ARCH_FACT_SHSTK_ON,	/* ... one is on for us; value: the mask of their features */
	ARCH_FACT_SHSTK_LOCK,	/* ... they can be locked */
	ARCH_FACT_IBT,		/* the CPU checks targets of indirect jumps */
};

/*
 * 1 there, 0 not (or no such thing on this architecture), -errno cannot tell. COMPAT is
 * asked in a child: it may die of asking, and must not allocate.
 */
int arch_fact(enum arch_fact what, uint64_t *ret_value);
