// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "32 AVX-512 registers and 8 mask registers through the checkpoint in registers");

struct set {
	uint8_t reg[32][64];
	uint64_t mask[8];
} __attribute__((aligned(64)));

__attribute__((target("avx512bw"), noinline))
static long wait_in_registers(int fd, char *c, const struct set *in, struct set *out)
{
	long r = 0;

	asm volatile(
		     "vmovups 0x0(%[i]), %%zmm0\n\t"
		     "vmovups 0x40(%[i]), %%zmm1\n\t"
		     "vmovups 0x80(%[i]), %%zmm2\n\t"
		     "vmovups 0xc0(%[i]), %%zmm3\n\t"
		     "vmovups 0x100(%[i]), %%zmm4\n\t"
		     "vmovups 0x140(%[i]), %%zmm5\n\t"
		     "vmovups 0x180(%[i]), %%zmm6\n\t"
		     "vmovups 0x1c0(%[i]), %%zmm7\n\t"
		     "vmovups 0x200(%[i]), %%zmm8\n\t"
		     "vmovups 0x240(%[i]), %%zmm9\n\t"
		     "vmovups 0x280(%[i]), %%zmm10\n\t"
		     "vmovups 0x2c0(%[i]), %%zmm11\n\t"
		     "vmovups 0x300(%[i]), %%zmm12\n\t"
		     "vmovups 0x340(%[i]), %%zmm13\n\t"
		     "vmovups 0x380(%[i]), %%zmm14\n\t"
		     "vmovups 0x3c0(%[i]), %%zmm15\n\t"
		     "vmovups 0x400(%[i]), %%zmm16\n\t"
		     "vmovups 0x440(%[i]), %%zmm17\n\t"
		     "vmovups 0x480(%[i]), %%zmm18\n\t"
		     "vmovups 0x4c0(%[i]), %%zmm19\n\t"
		     "vmovups 0x500(%[i]), %%zmm20\n\t"
		     "vmovups 0x540(%[i]), %%zmm21\n\t"
		     "vmovups 0x580(%[i]), %%zmm22\n\t"
		     "vmovups 0x5c0(%[i]), %%zmm23\n\t"
		     "vmovups 0x600(%[i]), %%zmm24\n\t"
		     "vmovups 0x640(%[i]), %%zmm25\n\t"
		     "vmovups 0x680(%[i]), %%zmm26\n\t"
		     "vmovups 0x6c0(%[i]), %%zmm27\n\t"
		     "vmovups 0x700(%[i]), %%zmm28\n\t"
		     "vmovups 0x740(%[i]), %%zmm29\n\t"
		     "vmovups 0x780(%[i]), %%zmm30\n\t"
		     "vmovups 0x7c0(%[i]), %%zmm31\n\t"
		     "kmovq 0x800(%[i]), %%k0\n\t"
		     "kmovq 0x808(%[i]), %%k1\n\t"
		     "kmovq 0x810(%[i]), %%k2\n\t"
		     "kmovq 0x818(%[i]), %%k3\n\t"
		     "kmovq 0x820(%[i]), %%k4\n\t"
		     "kmovq 0x828(%[i]), %%k5\n\t"
		     "kmovq 0x830(%[i]), %%k6\n\t"
		     "kmovq 0x838(%[i]), %%k7\n\t"
		     "syscall\n\t"
		     "vmovups %%zmm0, 0x0(%[o])\n\t"
		     "vmovups %%zmm1, 0x40(%[o])\n\t"
		     "vmovups %%zmm2, 0x80(%[o])\n\t"
		     "vmovups %%zmm3, 0xc0(%[o])\n\t"
		     "vmovups %%zmm4, 0x100(%[o])\n\t"
		     "vmovups %%zmm5, 0x140(%[o])\n\t"
		     "vmovups %%zmm6, 0x180(%[o])\n\t"
		     "vmovups %%zmm7, 0x1c0(%[o])\n\t"
		     "vmovups %%zmm8, 0x200(%[o])\n\t"
		     "vmovups %%zmm9, 0x240(%[o])\n\t"
		     "vmovups %%zmm10, 0x280(%[o])\n\t"
		     "vmovups %%zmm11, 0x2c0(%[o])\n\t"
		     "vmovups %%zmm12, 0x300(%[o])\n\t"
		     "vmovups %%zmm13, 0x340(%[o])\n\t"
		     "vmovups %%zmm14, 0x380(%[o])\n\t"
		     "vmovups %%zmm15, 0x3c0(%[o])\n\t"
		     "vmovups %%zmm16, 0x400(%[o])\n\t"
		     "vmovups %%zmm17, 0x440(%[o])\n\t"
		     "vmovups %%zmm18, 0x480(%[o])\n\t"
		     "vmovups %%zmm19, 0x4c0(%[o])\n\t"
		     "vmovups %%zmm20, 0x500(%[o])\n\t"
		     "vmovups %%zmm21, 0x540(%[o])\n\t"
		     "vmovups %%zmm22, 0x580(%[o])\n\t"
		     "vmovups %%zmm23, 0x5c0(%[o])\n\t"
		     "vmovups %%zmm24, 0x600(%[o])\n\t"
		     "vmovups %%zmm25, 0x640(%[o])\n\t"
		     "vmovups %%zmm26, 0x680(%[o])\n\t"
		     "vmovups %%zmm27, 0x6c0(%[o])\n\t"
		     "vmovups %%zmm28, 0x700(%[o])\n\t"
		     "vmovups %%zmm29, 0x740(%[o])\n\t"
		     "vmovups %%zmm30, 0x780(%[o])\n\t"
		     "vmovups %%zmm31, 0x7c0(%[o])\n\t"
		     "kmovq %%k0, 0x800(%[o])\n\t"
		     "kmovq %%k1, 0x808(%[o])\n\t"
		     "kmovq %%k2, 0x810(%[o])\n\t"
		     "kmovq %%k3, 0x818(%[o])\n\t"
		     "kmovq %%k4, 0x820(%[o])\n\t"
		     "kmovq %%k5, 0x828(%[o])\n\t"
		     "kmovq %%k6, 0x830(%[o])\n\t"
		     "kmovq %%k7, 0x838(%[o])\n\t"
		     "vzeroupper\n\t"
		     : "+a"(r) : "D"((long)fd), "S"(c), "d"(1l), [i] "r"(in), [o] "r"(out)
		     : "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3", "k4", "k5", "k6", "k7");
	return r;
}

static int in;

static void kid(void *arg)
{
	static struct set want, got;
	char c;

	pattern(&want, sizeof(want), 7);
	child_ready();
	ok_eq(wait_in_registers(in, &c, &want, &got), 1);
	ok_mem(&got, &want, sizeof(want));
	wait_for_word();
}

void test(void)
{
	pid_t pid;
	int p[2];

	if (!__builtin_cpu_supports("avx512bw"))
		skip("this CPU has no avx512bw");
	ok_sys(pipe(p));
	in = p[0];
	pid = child(kid, NULL);
	wait_asleep(pid);
	checkpoint_and_restore();
	ok_eq(write(p[1], "x", 1), 1);
	child_ok(pid);
}
