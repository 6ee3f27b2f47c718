// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/auxv.h>

TEST(.does = "keys of pointer authentication: what was signed before the checkpoint is right after it, with each of the five keys");

#define HWCAP_PACA_ (1ul << 30)
#define HWCAP_PACG_ (1ul << 31)

#define SIGN(insn, p) \
	({ uint64_t v_ = (p), m_ = 4711; asm(".arch armv8.3-a\n\t" insn " %0, %1" : "+r"(v_) : "r"(m_)); v_; })
#define SIGN_GENERIC(p) \
	({ uint64_t v_, m_ = 4711; asm(".arch armv8.3-a\n\tpacga %0, %1, %2" : "=r"(v_) : "r"((uint64_t)(p)), "r"(m_)); v_; })

static void sign_all(uint64_t out[5])
{
	const uint64_t p = (uintptr_t)sign_all;

	out[0] = SIGN("pacia", p);
	out[1] = SIGN("pacib", p);
	out[2] = SIGN("pacda", p);
	out[3] = SIGN("pacdb", p);
	out[4] = getauxval(AT_HWCAP) & HWCAP_PACG_ ? SIGN_GENERIC(p) : 0;
}

static void other(void *arg)
{
	uint64_t before[5], after[5];

	sign_all(before);
	thread_wait();
	sign_all(after);
	ok_mem(after, before, sizeof(before));
}

void test(void)
{
	uint64_t before[5], after[5];
	pthread_t t;

	if (!(getauxval(AT_HWCAP) & HWCAP_PACA_))
		skip("this CPU has no pointer authentication");
	t = thread(other, NULL);
	sign_all(before);
	/* The chance that four signatures are all zero is nil: the instructions do sign. */
	ok((before[0] | before[1] | before[2] | before[3]) >> 48);
	checkpoint_and_restore();
	sign_all(after);
	ok_mem(after, before, sizeof(before));
	threads_go();
	thread_ok(t);
}
