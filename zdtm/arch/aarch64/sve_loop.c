// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/auxv.h>
#include <sys/prctl.h>

TEST(.does = "SVE registers, predicates and the vector length, in code that never leaves user space",
     .peer = "its images have no place for SVE");

#define VL 32 /* not what a process begins with */
#define HWCAP_SVE_ (1ul << 22)

struct set {
	uint8_t z[32][VL], p[16][VL / 8];
} __attribute__((aligned(16)));

static struct set want, got;
static volatile uint32_t go;

#define Z(op, n)  #op " z" #n ", [x9, #" #n ", mul vl]\n\t"
#define P(op, n)  #op " p" #n ", [x9, #" #n ", mul vl]\n\t"
#define SIXTEEN(F, op) F(op, 0) F(op, 1) F(op, 2) F(op, 3) F(op, 4) F(op, 5) F(op, 6) F(op, 7) \
	F(op, 8) F(op, 9) F(op, 10) F(op, 11) F(op, 12) F(op, 13) F(op, 14) F(op, 15)
#define SIXTEEN_MORE(F, op) F(op, 16) F(op, 17) F(op, 18) F(op, 19) F(op, 20) F(op, 21) F(op, 22) F(op, 23) \
	F(op, 24) F(op, 25) F(op, 26) F(op, 27) F(op, 28) F(op, 29) F(op, 30) F(op, 31)

__attribute__((noinline))
static void spin_in_registers(void)
{
	asm volatile(".arch_extension sve\n\t"
		     "mov x9, %[i]\n\t" SIXTEEN(Z, ldr) SIXTEEN_MORE(Z, ldr)
		     "mov x9, %[ip]\n\t" SIXTEEN(P, ldr)
		     "1:\n\tldr w9, [%[go]]\n\tcbz w9, 1b\n\t"
		     "mov x9, %[o]\n\t" SIXTEEN(Z, str) SIXTEEN_MORE(Z, str)
		     "mov x9, %[op]\n\t" SIXTEEN(P, str)
		     :
		     : [i] "r"(want.z), [ip] "r"(want.p), [o] "r"(got.z), [op] "r"(got.p), [go] "r"(&go)
		     : "x9", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13",
		       "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29",
		       "v30", "v31");
}

static int vl(void)
{
	return prctl(PR_SVE_GET_VL, 0, 0, 0, 0) & PR_SVE_VL_LEN_MASK;
}

static void spin(void *arg)
{
	ok_eq(prctl(PR_SVE_SET_VL, VL, 0, 0, 0) & PR_SVE_VL_LEN_MASK, VL);
	thread_ready();
	spin_in_registers();
	ok_eq(vl(), VL);
}

void test(void)
{
	pthread_t t;
	int other;

	if (!(getauxval(AT_HWCAP) & HWCAP_SVE_))
		skip("this CPU has no SVE");
	other = vl();
	pattern(&want, sizeof(want), 3);
	t = thread(spin, NULL);
	checkpoint_and_restore();
	go = 1;
	thread_ok(t);
	ok_mem(&got, &want, sizeof(want));
	ok_eq(vl(), other);
}
