/* SPDX-License-Identifier: LGPL-2.1-only */
/* Raw system calls on aarch64. Use arch/sys.h, which gives them names. */
#pragma once

/* The result or -errno; all other registers are kept. */
static inline long sys_call6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

/* Stop for the tracer: SIGTRAP with the pc on the instruction. */
static inline void arch_trap(void)
{
	__asm__ volatile("brk #0" ::: "memory");
}

/* rt_sigreturn(2) from the frame at @sp; see arch_sigframe_build(). */
static inline __attribute__((noreturn)) void arch_sigreturn(unsigned long sp)
{
	__asm__ volatile("mov sp, %0; mov x8, #139; svc #0; brk #0" ::"r"(sp) : "memory");
	__builtin_unreachable();
}

/*
 * clone3(2) with the child on its own stack (@args->stack, stack_size) running fn(@arg), which must
 * not return. The parent gets the tid or -errno. For code without libc.
 */
static inline long arch_clone3_thread(const void *args, unsigned long size,
				      void (*fn)(void *), void *arg)
{
	register long x8 __asm__("x8") = 435;
	register const void *x0 __asm__("x0") = args;
	register unsigned long x1 __asm__("x1") = size;
	/* The system call keeps these, in the child too. */
	register void (*x9)(void *) __asm__("x9") = fn;
	register void *x10 __asm__("x10") = arg;

	__asm__ volatile("svc #0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, xzr\n\t"
			 "mov x30, xzr\n\t"
			 "mov x0, x10\n\t"
			 "blr x9\n\t"
			 "brk #0\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x9), "r"(x10)
			 : "memory", "cc");
	return (long)x0;
}
