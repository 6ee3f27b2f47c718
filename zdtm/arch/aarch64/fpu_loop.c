// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "32 vector registers in code that never leaves user space, in three threads");

struct set {
	uint8_t v[32][16];
} __attribute__((aligned(16)));

static struct set want[3], got[3];
static volatile uint32_t go;

__attribute__((noinline))
static void spin_in_registers(const struct set *in, struct set *out)
{
	asm volatile("mov x9, %[i]\n\tmov x10, %[o]\n\t"
		     "ld1 {v0.16b-v3.16b}, [x9], #64\n\tld1 {v4.16b-v7.16b}, [x9], #64\n\t"
		     "ld1 {v8.16b-v11.16b}, [x9], #64\n\tld1 {v12.16b-v15.16b}, [x9], #64\n\t"
		     "ld1 {v16.16b-v19.16b}, [x9], #64\n\tld1 {v20.16b-v23.16b}, [x9], #64\n\t"
		     "ld1 {v24.16b-v27.16b}, [x9], #64\n\tld1 {v28.16b-v31.16b}, [x9], #64\n"
		     "1:\n\tldr w9, [%[go]]\n\tcbz w9, 1b\n\t"
		     "st1 {v0.16b-v3.16b}, [x10], #64\n\tst1 {v4.16b-v7.16b}, [x10], #64\n\t"
		     "st1 {v8.16b-v11.16b}, [x10], #64\n\tst1 {v12.16b-v15.16b}, [x10], #64\n\t"
		     "st1 {v16.16b-v19.16b}, [x10], #64\n\tst1 {v20.16b-v23.16b}, [x10], #64\n\t"
		     "st1 {v24.16b-v27.16b}, [x10], #64\n\tst1 {v28.16b-v31.16b}, [x10], #64\n\t"
		     :
		     : [i] "r"(in), [o] "r"(out), [go] "r"(&go)
		     : "x9", "x10", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13",
		       "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29",
		       "v30", "v31");
}

static void spin(void *arg)
{
	long k = (long)arg;

	pattern(&want[k], sizeof(want[k]), (uint32_t)k + 1);
	thread_ready();
	spin_in_registers(&want[k], &got[k]);
}

void test(void)
{
	pthread_t t[3];

	for (long k = 0; k < 3; k++)
		t[k] = thread(spin, (void *)k);
	checkpoint_and_restore();
	go = 1;
	for (int k = 0; k < 3; k++) {
		thread_ok(t[k]);
		ok_mem(&got[k], &want[k], sizeof(want[k]));
	}
}
