// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a checkpoint inside a handler: the vector registers of the interrupted code come back from its frame");

static void handler(int sig)
{
	/* Overwritten here, to be restored from the signal frame that lay on the stack all the time. */
	asm volatile("pxor %%xmm3, %%xmm3\n\tpxor %%xmm9, %%xmm9" : : : "xmm3", "xmm9");
	checkpoint_and_restore();
}

void test(void)
{
	uint64_t a[2] = { 0x1122334455667788, 0x99aabbccddeeff00 }, b[2] = {}, c[2] = {};
	long r = SYS_tgkill;

	signal(SIGUSR1, handler);
	asm volatile("movups (%[a]), %%xmm3\n\tmovups (%[a]), %%xmm9\n\tsyscall\n\t"
		     "movups %%xmm3, (%[b])\n\tmovups %%xmm9, (%[c])\n\t"
		     : "+a"(r)
		     : "D"((long)getpid()), "S"((long)gettid_()), "d"((long)SIGUSR1), [a] "r"(a), [b] "r"(b), [c] "r"(c)
		     : "rcx", "r11", "memory", "xmm3", "xmm9");
	ok_eq(r, 0);
	ok_mem(b, a, sizeof(a));
	ok_mem(c, a, sizeof(a));
}
