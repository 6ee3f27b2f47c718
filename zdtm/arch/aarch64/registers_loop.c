// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "every general register, the flags and the thread pointer, in code that never leaves user space, in three threads");

#define FIRST 0x0102030405060708

struct out {
	uint64_t x[31], nzcv, tls;
};

static volatile uint32_t go;

/*
 * All registers but the stack pointer hold known values and the code spins on a word of memory, so the checkpoint finds it
 * anywhere in the loop; x30 has the address of the word, sp points at where the results go.
 */
__attribute__((noinline, target("branch-protection=none")))
static void spin_in_registers(struct out *o, uint64_t first)
{
	register uint64_t x0 asm("x0") = first;
	register struct out *x1 asm("x1") = o;
	register volatile uint32_t *x2 asm("x2") = &go;

	asm volatile("stp x29, x30, [sp, #-32]!\n\t"
		     "stp x18, x1, [sp, #16]\n\t"
		     "mov x30, x2\n\t"
		     "add x1, x0, #1\n\tadd x2, x0, #2\n\tadd x3, x0, #3\n\tadd x4, x0, #4\n\tadd x5, x0, #5\n\t"
		     "add x6, x0, #6\n\tadd x7, x0, #7\n\tadd x8, x0, #8\n\tadd x9, x0, #9\n\tadd x10, x0, #10\n\t"
		     "add x11, x0, #11\n\tadd x12, x0, #12\n\tadd x13, x0, #13\n\tadd x14, x0, #14\n\tadd x15, x0, #15\n\t"
		     "add x16, x0, #16\n\tadd x18, x0, #18\n\tadd x19, x0, #19\n\t"
		     "add x20, x0, #20\n\tadd x21, x0, #21\n\tadd x22, x0, #22\n\tadd x23, x0, #23\n\tadd x24, x0, #24\n\t"
		     "add x25, x0, #25\n\tadd x26, x0, #26\n\tadd x27, x0, #27\n\tadd x28, x0, #28\n\tadd x29, x0, #29\n\t"
		     "mov x17, #0xb0000000\n\tmsr nzcv, x17\n"
		     /* cbz changes no flag; x17 alone is not kept. */
		     "1:\n\tldr w17, [x30]\n\tcbz w17, 1b\n\t"
		     "ldr x17, [sp, #24]\n\t"
		     "stp x0, x1, [x17]\n\tstp x2, x3, [x17, #16]\n\tstp x4, x5, [x17, #32]\n\tstp x6, x7, [x17, #48]\n\t"
		     "stp x8, x9, [x17, #64]\n\tstp x10, x11, [x17, #80]\n\tstp x12, x13, [x17, #96]\n\tstp x14, x15, [x17, #112]\n\t"
		     "str x16, [x17, #128]\n\tstp x18, x19, [x17, #144]\n\tstp x20, x21, [x17, #160]\n\tstp x22, x23, [x17, #176]\n\t"
		     "stp x24, x25, [x17, #192]\n\tstp x26, x27, [x17, #208]\n\tstp x28, x29, [x17, #224]\n\tstr x30, [x17, #240]\n\t"
		     "mrs x0, nzcv\n\tstr x0, [x17, #248]\n\tmrs x0, tpidr_el0\n\tstr x0, [x17, #256]\n\t"
		     "ldr x18, [sp, #16]\n\t"
		     "ldp x29, x30, [sp], #32\n\t"
		     : "+r"(x0), "+r"(x1), "+r"(x2)
		     :
		     : "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x19",
		       "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "memory", "cc");
}

static struct out out[3];

static void spin(void *arg)
{
	struct out *o = arg;

	o->tls = 0;
	thread_ready();
	spin_in_registers(o, FIRST + (uint64_t)(o - out) * 1000);
	ok_eq(o->tls, (uint64_t)(uintptr_t)__builtin_thread_pointer());
}

void test(void)
{
	pthread_t t[3];

	for (int k = 0; k < 3; k++)
		t[k] = thread(spin, &out[k]);
	checkpoint_and_restore();
	go = 1;
	for (int k = 0; k < 3; k++) {
		thread_ok(t[k]);
		for (int i = 0; i < 30; i++)
			if (i != 17)
				ok_eq(out[k].x[i], FIRST + (uint64_t)(k * 1000 + i));
		ok_ptr(out[k].x[30], &go);
		ok_eq(out[k].nzcv, 0xb0000000);
	}
}
