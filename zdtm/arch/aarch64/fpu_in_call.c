// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "32 vector registers, FPCR and FPSR of a process that waits in a system call");

struct set {
	uint8_t v[32][16];
} __attribute__((aligned(16)));

__attribute__((noinline))
static long wait_in_registers(int fd, char *c, const struct set *in, struct set *out)
{
	register long x0 asm("x0") = fd;
	register char *x1 asm("x1") = c;
	register long x2 asm("x2") = 1;
	register const struct set *x9 asm("x9") = in;
	register struct set *x10 asm("x10") = out;

	asm volatile("ld1 {v0.16b-v3.16b}, [x9], #64\n\tld1 {v4.16b-v7.16b}, [x9], #64\n\t"
		     "ld1 {v8.16b-v11.16b}, [x9], #64\n\tld1 {v12.16b-v15.16b}, [x9], #64\n\t"
		     "ld1 {v16.16b-v19.16b}, [x9], #64\n\tld1 {v20.16b-v23.16b}, [x9], #64\n\t"
		     "ld1 {v24.16b-v27.16b}, [x9], #64\n\tld1 {v28.16b-v31.16b}, [x9], #64\n\t"
		     "mov x8, #63\n\tsvc #0\n\t"
		     "st1 {v0.16b-v3.16b}, [x10], #64\n\tst1 {v4.16b-v7.16b}, [x10], #64\n\t"
		     "st1 {v8.16b-v11.16b}, [x10], #64\n\tst1 {v12.16b-v15.16b}, [x10], #64\n\t"
		     "st1 {v16.16b-v19.16b}, [x10], #64\n\tst1 {v20.16b-v23.16b}, [x10], #64\n\t"
		     "st1 {v24.16b-v27.16b}, [x10], #64\n\tst1 {v28.16b-v31.16b}, [x10], #64\n\t"
		     : "+r"(x0), "+r"(x9), "+r"(x10)
		     : "r"(x1), "r"(x2)
		     : "x8", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14",
		       "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30",
		       "v31");
	return x0;
}

static int in;

static void kid(void *arg)
{
	/* Flush to zero, round down; overflow and saturation have happened. */
	uint64_t fpcr = 1ul << 24 | 2ul << 22, fpsr = 1ul << 27 | 1ul << 2, got_fpcr, got_fpsr;
	struct set want, got = {};
	char c;
	long r;

	pattern(&want, sizeof(want), 7);
	child_ready();
	asm volatile("msr fpcr, %0\n\tmsr fpsr, %1" : : "r"(fpcr), "r"(fpsr));
	r = wait_in_registers(in, &c, &want, &got);
	asm volatile("mrs %0, fpcr\n\tmrs %1, fpsr\n\tmsr fpcr, xzr" : "=r"(got_fpcr), "=r"(got_fpsr));
	ok_eq(r, 1);
	ok_eq(got_fpcr, fpcr);
	ok_eq(got_fpsr, fpsr);
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
