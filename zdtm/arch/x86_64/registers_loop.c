// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "every general register, in code that never leaves user space");

/*
 * All registers but the stack pointer hold known values and the code spins on a word of memory,
 * so the checkpoint finds it anywhere in the loop.
 */
volatile int go;
uint64_t out[16];

static void spin(void *arg)
{
	thread_ready();
	asm volatile("push %%rbp\n\t"
		     "push %%rbx\n\t"
		     "mov $0x0102030405060708, %%rax\n\tlea 1(%%rax), %%rbx\n\tlea 2(%%rax), %%rcx\n\tlea 3(%%rax), %%rdx\n\t"
		     "lea 4(%%rax), %%rsi\n\tlea 5(%%rax), %%rdi\n\tlea 6(%%rax), %%rbp\n\tlea 8(%%rax), %%r8\n\t"
		     "lea 9(%%rax), %%r9\n\tlea 10(%%rax), %%r10\n\tlea 11(%%rax), %%r11\n\tlea 12(%%rax), %%r12\n\t"
		     "lea 13(%%rax), %%r13\n\tlea 14(%%rax), %%r14\n\tlea 15(%%rax), %%r15\n\t"
		     "std\n"
		     "1:\n\tpause\n\tcmpl $0, go(%%rip)\n\tje 1b\n\t"
		     "mov %%rax, out(%%rip)\n\tmov %%rbx, out+8(%%rip)\n\tmov %%rcx, out+16(%%rip)\n\tmov %%rdx, out+24(%%rip)\n\t"
		     "mov %%rsi, out+32(%%rip)\n\tmov %%rdi, out+40(%%rip)\n\tmov %%rbp, out+48(%%rip)\n\t"
		     "mov %%r8, out+64(%%rip)\n\tmov %%r9, out+72(%%rip)\n\tmov %%r10, out+80(%%rip)\n\tmov %%r11, out+88(%%rip)\n\t"
		     "mov %%r12, out+96(%%rip)\n\tmov %%r13, out+104(%%rip)\n\tmov %%r14, out+112(%%rip)\n\tmov %%r15, out+120(%%rip)\n\t"
		     "pushf\n\tpop %%rax\n\tcld\n\tmov %%rax, out+56(%%rip)\n\t"
		     "pop %%rbx\n\t"
		     "pop %%rbp\n\t"
		     : : : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
}

void test(void)
{
	pthread_t t = thread(spin, NULL);

	checkpoint_and_restore();
	go = 1;
	thread_ok(t);
	for (int i = 0; i < 16; i++)
		if (i != 7)
			ok_eq(out[i], 0x0102030405060708 + (uint64_t)i);
	/* The direction flag. */
	ok_eq(out[7] & 0x400, 0x400);
}
