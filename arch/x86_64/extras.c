// SPDX-License-Identifier: LGPL-2.1-only
/* What few architectures have: compat tasks and user shadow stacks (CET). */
#include "arch/arch.h"

#include <elf.h>
#include <errno.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "compat.h"

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

/* A process that was started as a 32-bit program is refused an address above 4 GiB, but native code's mmap(2) begins there. */
int arch_mmap_flags(const struct arch_regs *regs)
{
	return arch_is_compat(regs) ? MAP_32BIT : 0;
}

/* The 32-bit call, which takes 32-bit pointers. */
int arch_compat_robust_list(pid_t tid, uint64_t *ret_head, uint32_t *ret_size)
{
	const size_t page = arch_page_size();
	uint32_t *low = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long r;

	if (low == MAP_FAILED)
		return -errno;
	r = compat_call3(COMPAT_NR_GET_ROBUST_LIST, tid, (long)low, (long)(low + 1));
	if (r == 0) {
		*ret_head = low[0];
		*ret_size = low[1];
	}
	(void)munmap(low, page);
	return (int)r;
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
