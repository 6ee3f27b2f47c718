// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a checkpoint inside a handler: the vector registers of the interrupted code come back from its frame");

static void handler(int sig)
{
	/* Overwritten here, to be restored from the signal frame that lay on the stack all the time. */
	asm volatile("movi v3.16b, #0\n\tmovi v9.16b, #0" : : : "v3", "v9");
	checkpoint_and_restore();
}

void test(void)
{
	uint64_t a[2] = { 0x1122334455667788, 0x99aabbccddeeff00 }, b[2] = {}, c[2] = {};
	register long x0 asm("x0"), x1 asm("x1"), x2 asm("x2"), x8 asm("x8");
	int pid = getpid(), tid = gettid_();

	signal(SIGUSR1, handler);
	x0 = pid, x1 = tid, x2 = SIGUSR1, x8 = SYS_tgkill;
	asm volatile("ldr q3, [%[a]]\n\tldr q9, [%[a]]\n\tsvc #0\n\tstr q3, [%[b]]\n\tstr q9, [%[c]]\n\t"
		     : "+r"(x0)
		     : "r"(x1), "r"(x2), "r"(x8), [a] "r"(a), [b] "r"(b), [c] "r"(c)
		     : "memory", "v3", "v9");
	ok_eq(x0, 0);
	ok_mem(b, a, sizeof(a));
	ok_mem(c, a, sizeof(a));
}
