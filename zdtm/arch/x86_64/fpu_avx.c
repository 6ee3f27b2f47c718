// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "16 AVX registers through the checkpoint in registers");

struct set {
	uint8_t reg[16][32];
} __attribute__((aligned(64)));

__attribute__((target("avx"), noinline))
static long wait_in_registers(int fd, char *c, const struct set *in, struct set *out)
{
	long r = 0;

	asm volatile(
		     "vmovups 0x0(%[i]), %%ymm0\n\t"
		     "vmovups 0x20(%[i]), %%ymm1\n\t"
		     "vmovups 0x40(%[i]), %%ymm2\n\t"
		     "vmovups 0x60(%[i]), %%ymm3\n\t"
		     "vmovups 0x80(%[i]), %%ymm4\n\t"
		     "vmovups 0xa0(%[i]), %%ymm5\n\t"
		     "vmovups 0xc0(%[i]), %%ymm6\n\t"
		     "vmovups 0xe0(%[i]), %%ymm7\n\t"
		     "vmovups 0x100(%[i]), %%ymm8\n\t"
		     "vmovups 0x120(%[i]), %%ymm9\n\t"
		     "vmovups 0x140(%[i]), %%ymm10\n\t"
		     "vmovups 0x160(%[i]), %%ymm11\n\t"
		     "vmovups 0x180(%[i]), %%ymm12\n\t"
		     "vmovups 0x1a0(%[i]), %%ymm13\n\t"
		     "vmovups 0x1c0(%[i]), %%ymm14\n\t"
		     "vmovups 0x1e0(%[i]), %%ymm15\n\t"
		     "syscall\n\t"
		     "vmovups %%ymm0, 0x0(%[o])\n\t"
		     "vmovups %%ymm1, 0x20(%[o])\n\t"
		     "vmovups %%ymm2, 0x40(%[o])\n\t"
		     "vmovups %%ymm3, 0x60(%[o])\n\t"
		     "vmovups %%ymm4, 0x80(%[o])\n\t"
		     "vmovups %%ymm5, 0xa0(%[o])\n\t"
		     "vmovups %%ymm6, 0xc0(%[o])\n\t"
		     "vmovups %%ymm7, 0xe0(%[o])\n\t"
		     "vmovups %%ymm8, 0x100(%[o])\n\t"
		     "vmovups %%ymm9, 0x120(%[o])\n\t"
		     "vmovups %%ymm10, 0x140(%[o])\n\t"
		     "vmovups %%ymm11, 0x160(%[o])\n\t"
		     "vmovups %%ymm12, 0x180(%[o])\n\t"
		     "vmovups %%ymm13, 0x1a0(%[o])\n\t"
		     "vmovups %%ymm14, 0x1c0(%[o])\n\t"
		     "vmovups %%ymm15, 0x1e0(%[o])\n\t"
		     "vzeroupper\n\t"
		     : "+a"(r) : "D"((long)fd), "S"(c), "d"(1l), [i] "r"(in), [o] "r"(out)
		     : "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
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

	if (!__builtin_cpu_supports("avx"))
		skip("this CPU has no avx");
	ok_sys(pipe(p));
	in = p[0];
	pid = child(kid, NULL);
	wait_asleep(pid);
	checkpoint_and_restore();
	ok_eq(write(p[1], "x", 1), 1);
	child_ok(pid);
}
