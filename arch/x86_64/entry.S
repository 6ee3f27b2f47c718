/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * blob_entry(arg): the first instruction of every blob. Calls blob_main(arg); when that returns,
 * arg points at a struct arch_leave and the thread goes where it says. The return is a real one, so that a
 * shadow stack stays balanced.
 */
	.section .text.entry, "ax", @progbits
	.globl	blob_entry
	.type	blob_entry, @function
blob_entry:
	cld				/* the task may have been in a backward copy */
	movq	%rdi, %rbx
	andq	$-16, %rsp
	call	blob_main
	pushq	56(%rbx)		/* the flags last, none of the moves below touches them */
	popfq
	movq	8(%rbx), %rbp
	movq	16(%rbx), %r12
	movq	24(%rbx), %r13
	movq	32(%rbx), %r14
	movq	40(%rbx), %r15
	movq	64(%rbx), %rax
	movq	72(%rbx), %rdi
	movq	80(%rbx), %rsi
	movq	88(%rbx), %r11
	movq	48(%rbx), %rsp
	movq	0(%rbx), %rbx
	jmp	*%r11
	.size	blob_entry, . - blob_entry
	.section .note.GNU-stack, "", @progbits
