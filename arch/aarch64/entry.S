/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * blob_entry(arg): the first instruction of every blob. Calls blob_main(arg); when that returns,
 * arg points at a struct arch_leave and the thread goes where it says. No register needs restoring here: the
 * trampoline, where this leads, goes home by rt_sigreturn.
 */
	.section .text.entry, "ax", @progbits
	.globl	blob_entry
	.type	blob_entry, @function
blob_entry:
	mov	x19, x0
	bl	blob_main
	ldr	x16, [x19]
	ldr	x8, [x19, #8]
	ldp	x0, x1, [x19, #16]
	br	x16
	.size	blob_entry, . - blob_entry
	.section .note.GNU-stack, "", @progbits
