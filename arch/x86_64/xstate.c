// SPDX-License-Identifier: LGPL-2.1-only
/* What this CPU keeps in an xsave area, and where. */
#include "xstate.h"

#include <cpuid.h>
#include <pthread.h>
#include <string.h>

#define CPUID1_ECX_OSXSAVE (1u << 27)
#define CPUID7_ECX_SHSTK   (1u << 7)

static struct xstate_layout layout;	/* a cache: a CPU does not change while we run */
static pthread_once_t layout_once = PTHREAD_ONCE_INIT;

static uint32_t ask_mxcsr_mask(void)
{
	_Alignas(16) struct fxsave fx;

	memset(&fx, 0, sizeof(fx));
	__asm__ volatile("fxsave64 %0" : "+m"(fx));
	/* Old CPUs leave 0 there and mean this. */
	return fx.mxcsr_mask ? fx.mxcsr_mask : 0xffbf;
}

static void ask(void)
{
	unsigned int a, b, c, d, lo, hi;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & CPUID1_ECX_OSXSAVE))
		return;

	__asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	if (!__get_cpuid_count(0xd, 0, &a, &b, &c, &d))
		return;

	/* EBX: the size for what XCR0 enables now, which is what ptrace(2) copies. */
	layout.size = b;
	layout.mxcsr_mask = ask_mxcsr_mask();
	for (unsigned int i = XSTATE_YMM; i < XSTATE_NR; i++) {
		if (!(((uint64_t)hi << 32 | lo) >> i & 1) || !__get_cpuid_count(0xd, i, &a, &b, &c, &d))
			continue;
		layout.part[i].size = a;
		layout.part[i].offset = b;
	}

	if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
		layout.has_shstk = c & CPUID7_ECX_SHSTK;
	layout.features = (uint64_t)hi << 32 | lo;
}

const struct xstate_layout *xstate_layout(void)
{
	pthread_once(&layout_once, ask);
	return layout.features ? &layout : NULL;
}
