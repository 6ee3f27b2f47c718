// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "registers of a process that waits in a system call, the one that the kernel shows its tracer another value of (x7) too");

static int in;

/* A system call keeps all but its result. */
static void kid(void *arg)
{
	const uint64_t first = 0x1112131415161718;
	uint64_t got[20] = {};
	char c;

	register long x0 asm("x0") = in;
	register void *x1 asm("x1") = &c;
	register long x2 asm("x2") = 1;
	register uint64_t x3 asm("x3") = first;
	register uint64_t *x4 asm("x4") = got;

	child_ready();
	x0 = in, x1 = &c, x2 = 1, x3 = first, x4 = got;
	asm volatile("add x5, x3, #5\n\tadd x6, x3, #6\n\tadd x7, x3, #7\n\tadd x9, x3, #9\n\tadd x10, x3, #10\n\t"
		     "add x11, x3, #11\n\tadd x12, x3, #12\n\tadd x13, x3, #13\n\tadd x14, x3, #14\n\tadd x15, x3, #15\n\t"
		     "add x16, x3, #16\n\tadd x17, x3, #17\n\t"
		     "mov x8, #63\n\tsvc #0\n\t"
		     "str x2, [x4, #16]\n\tstr x3, [x4, #24]\n\tstp x5, x6, [x4, #40]\n\tstp x7, x8, [x4, #56]\n\t"
		     "stp x9, x10, [x4, #72]\n\tstp x11, x12, [x4, #88]\n\tstp x13, x14, [x4, #104]\n\t"
		     "stp x15, x16, [x4, #120]\n\tstr x17, [x4, #136]\n\t"
		     : "+r"(x0)
		     : "r"(x1), "r"(x2), "r"(x3), "r"(x4)
		     : "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory");
	ok_eq(x0, 1);
	ok_eq(c, 'x');
	ok_eq(got[2], 1);
	ok_eq(got[3], first);
	ok_eq(got[8], SYS_read);
	for (int i = 5; i < 18; i++)
		if (i != 8)
			ok_eq(got[i], first + (uint64_t)i);
	wait_for_word();
}

void test(void)
{
	pid_t pid;
	int p[2];

	ok_sys(pipe(p));
	in = p[0];
	pid = child(kid, NULL);
	wait_asleep(pid);
	checkpoint_and_restore();
	ok_eq(write(p[1], "x", 1), 1);
	child_ok(pid);
}
