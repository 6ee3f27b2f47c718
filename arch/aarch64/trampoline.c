// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The trampoline: a system call, then the way home. No instruction jumps further than 128 MiB without a register for the
 * target, and all registers are the task's. So home it goes by rt_sigreturn, from a frame that is the trampoline
 * itself: the code lies where the kernel puts the siginfo of a handler and does not look when it takes a frame.
 */
#include "arch/arch.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "frame.h"

static const uint32_t code[] = {
	0xd4000001,	/* svc #0 */
	/* ARCH_TRAMPOLINE_HOME */
	0x10ffffe0,	/* adr x0, . - 4: the frame */
	0x9100001f,	/* mov sp, x0 */
	0xd2801168,	/* mov x8, #139: rt_sigreturn */
	0xd4000001,	/* svc #0 */
	0xd4200000,	/* brk #0 */
};

long arch_trampoline_build(uint8_t buf[ARCH_TRAMPOLINE_SIZE], pid_t tid, const struct arch_regs *home, uint64_t sigmask)
{
	struct fpsimd fp = { 0 };
	struct iovec iov = { &fp, sizeof(fp) };
	struct frame f;

	static_assert(sizeof(f) == ARCH_TRAMPOLINE_SIZE && sizeof(code) <= sizeof(f.info), "regs.h");
	if (tid && ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRFPREG, &iov) < 0)
		return -errno;
	frame_fill(&f, home, &fp, sigmask);
	memcpy(f.info, code, sizeof(code));
	memcpy(buf, &f, sizeof(f));
	return sizeof(f);
}

/* Zeros, or nops. */
bool arch_is_padding(const uint8_t *bytes, size_t n)
{
	static const uint8_t nop[4] = { 0x1f, 0x20, 0x03, 0xd5 };

	for (size_t i = 0; i < n; i++)
		if (bytes[i] && bytes[i] != nop[i % 4])
			return false;

	return true;
}

long arch_find_syscall(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i + 4 <= n; i += 4)
		if (!memcmp(bytes + i, code, sizeof(code[0])))
			return (long)i;
	return -ENOENT;
}
