// SPDX-License-Identifier: LGPL-2.1-only
/* What few architectures have, on one that has none of it. */
#include "arch/arch.h"

#include <errno.h>

bool arch_has_compat(void)
{
	return false;
}

bool arch_is_compat(const struct arch_regs *regs)
{
	return false;
}

bool arch_image_is_compat(const struct CoreEntry *core)
{
	return false;
}

int arch_mmap_flags(const struct arch_regs *regs)
{
	return 0;
}

int arch_compat_robust_list(pid_t tid, uint64_t *ret_head, uint32_t *ret_size)
{
	return -ENOSYS;
}

int arch_shadow_stack_get(pid_t tid, uint64_t *ret_ssp)
{
	return -ENODEV;
}

int arch_shadow_stack_set(pid_t tid, uint64_t ssp)
{
	return -ENODEV;
}
