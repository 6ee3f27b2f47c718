/* SPDX-License-Identifier: LGPL-2.1-only */
/* Raw system calls on x86_64. Use arch/sys.h, which gives them names. */
#pragma once

/* The result or -errno; rcx and r11 are lost. */
static inline long sys_call6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

/* Stop for the tracer: SIGTRAP with the pc behind the instruction. */
static inline void arch_trap(void)
{
	__asm__ volatile("int3" ::: "memory");
}

/* rt_sigreturn(2) from the frame at @sp; see arch_sigframe_build(). */
static inline __attribute__((noreturn)) void arch_sigreturn(unsigned long sp)
{
	__asm__ volatile("movq %0, %%rsp; movl $15, %%eax; syscall; ud2" ::"r"(sp) : "memory");
	__builtin_unreachable();
}

/*
 * clone3(2) with the child on its own stack (@args->stack, stack_size) running fn(@arg), which must
 * not return. The parent gets the tid or -errno. For code without libc.
 */
static inline long arch_clone3_thread(const void *args, unsigned long size,
				      void (*fn)(void *), void *arg)
{
	/* r12 and r13: registers that the system call keeps, in the child too. */
	register void (*r12)(void *) __asm__("r12") = fn;
	register void *r13 __asm__("r13") = arg;
	long ret;

	__asm__ volatile("syscall\n\t"
			 "testq %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xorl %%ebp, %%ebp\n\t"
			 "andq $-16, %%rsp\n\t"
			 "movq %%r13, %%rdi\n\t"
			 "call *%%r12\n\t"
			 "ud2\n"
			 "1:"
			 : "=a"(ret)
			 : "0"(435L), "D"(args), "S"(size), "r"(r12), "r"(r13)
			 : "rcx", "r11", "memory", "cc");
	return ret;
}
