// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "16 SSE registers and MXCSR through the checkpoint in registers");

struct set {
	uint8_t xmm[16][16];
} __attribute__((aligned(16)));

static long wait_in_registers(int fd, char *c, const struct set *in, struct set *out, uint32_t mxcsr, uint32_t *ret_mxcsr)
{
	long r = 0;

	asm volatile("ldmxcsr %[m]\n\t"
		     "movaps 0x00(%[i]), %%xmm0\n\tmovaps 0x10(%[i]), %%xmm1\n\tmovaps 0x20(%[i]), %%xmm2\n\t"
		     "movaps 0x30(%[i]), %%xmm3\n\tmovaps 0x40(%[i]), %%xmm4\n\tmovaps 0x50(%[i]), %%xmm5\n\t"
		     "movaps 0x60(%[i]), %%xmm6\n\tmovaps 0x70(%[i]), %%xmm7\n\tmovaps 0x80(%[i]), %%xmm8\n\t"
		     "movaps 0x90(%[i]), %%xmm9\n\tmovaps 0xa0(%[i]), %%xmm10\n\tmovaps 0xb0(%[i]), %%xmm11\n\t"
		     "movaps 0xc0(%[i]), %%xmm12\n\tmovaps 0xd0(%[i]), %%xmm13\n\tmovaps 0xe0(%[i]), %%xmm14\n\t"
		     "movaps 0xf0(%[i]), %%xmm15\n\t"
		     "syscall\n\t"
		     "movaps %%xmm0, 0x00(%[o])\n\tmovaps %%xmm1, 0x10(%[o])\n\tmovaps %%xmm2, 0x20(%[o])\n\t"
		     "movaps %%xmm3, 0x30(%[o])\n\tmovaps %%xmm4, 0x40(%[o])\n\tmovaps %%xmm5, 0x50(%[o])\n\t"
		     "movaps %%xmm6, 0x60(%[o])\n\tmovaps %%xmm7, 0x70(%[o])\n\tmovaps %%xmm8, 0x80(%[o])\n\t"
		     "movaps %%xmm9, 0x90(%[o])\n\tmovaps %%xmm10, 0xa0(%[o])\n\tmovaps %%xmm11, 0xb0(%[o])\n\t"
		     "movaps %%xmm12, 0xc0(%[o])\n\tmovaps %%xmm13, 0xd0(%[o])\n\tmovaps %%xmm14, 0xe0(%[o])\n\t"
		     "movaps %%xmm15, 0xf0(%[o])\n\t"
		     "stmxcsr %[g]\n\t"
		     : "+a"(r), [g] "=m"(*ret_mxcsr)
		     : "D"((long)fd), "S"(c), "d"(1l), [i] "r"(in), [o] "r"(out), [m] "m"(mxcsr)
		     : "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
		       "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
	return r;
}

static int in;

static void kid(void *arg)
{
	struct set want, got = {};
	/* Flush to zero, round down, all masked. */
	uint32_t mxcsr = 0x8000 | 0x2000 | 0x1f80, got_mxcsr = 0, normal = 0x1f80;
	char c;

	pattern(&want, sizeof(want), 7);
	child_ready();
	ok_eq(wait_in_registers(in, &c, &want, &got, mxcsr, &got_mxcsr), 1);
	asm volatile("ldmxcsr %0" : : "m"(normal));
	ok_eq(got_mxcsr, mxcsr);
	ok_mem(&got, &want, sizeof(want));
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
