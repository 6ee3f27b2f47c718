// SPDX-License-Identifier: LGPL-2.1-only
/* What few architectures have: compat tasks and user shadow stacks (CET). */
#include "arch/arch.h"

#include <elf.h>
#include <errno.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#define CS_COMPAT 0x23

/* Newer than the headers of Debian 12 (Linux 6.6). */
#define REGSET_SHSTK 0x204

bool arch_has_compat(void)
{
	return true;
}

bool arch_is_compat(const struct arch_regs *regs)
{
	return regs->cs == CS_COMPAT;
}

int arch_shadow_stack_get(pid_t tid, uint64_t *ret_ssp)
{
	struct iovec iov = { ret_ssp, sizeof(*ret_ssp) };

	/* EINVAL: the kernel does not know it; ENODEV: the CPU or the thread has none. */
	if (ptrace(PTRACE_GETREGSET, tid, (void *)REGSET_SHSTK, &iov) < 0)
		return errno == EINVAL ? -ENODEV : -errno;

	return iov.iov_len == sizeof(*ret_ssp) ? 0 : -ENODEV;
}

int arch_shadow_stack_set(pid_t tid, uint64_t ssp)
{
	struct iovec iov = { &ssp, sizeof(ssp) };

	return ptrace(PTRACE_SETREGSET, tid, (void *)REGSET_SHSTK, &iov) < 0 ? -errno : 0;
}
