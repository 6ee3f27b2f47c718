// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <asm/prctl.h>

TEST(.does = "the bases of FS and GS, each thread its own");

static void one(void *arg)
{
	unsigned long base;
	uint64_t word = (uint64_t)(uintptr_t)arg, got;

	ok_zero(syscall(SYS_arch_prctl, ARCH_SET_GS, &word));
	thread_wait();
	ok_zero(syscall(SYS_arch_prctl, ARCH_GET_GS, &base));
	ok_eq(base, (uintptr_t)&word);
	asm volatile("mov %%gs:0, %0" : "=r"(got));
	ok_eq(got, (uintptr_t)arg);
}

void test(void)
{
	pthread_t a = thread(one, (void *)0x1234), b = thread(one, (void *)0x5678);
	unsigned long fs, gs;

	ok_zero(syscall(SYS_arch_prctl, ARCH_GET_FS, &fs));
	checkpoint_and_restore();
	ok_zero(syscall(SYS_arch_prctl, ARCH_GET_FS, &gs));
	ok_eq(gs, fs);
	ok_zero(syscall(SYS_arch_prctl, ARCH_GET_GS, &gs));
	ok_eq(gs, 0);
	threads_go();
	thread_ok(a);
	thread_ok(b);
}
