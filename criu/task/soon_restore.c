/* SPDX-License-Identifier: GPL-2.0-only */
/* Until arch/x86_64/thread.c lands, which replaces these weak symbols; delete this file then. */
#include <errno.h>

#include "arch/arch.h"

#define SOON __attribute__((weak))

SOON int arch_thread_from_image(const struct CoreEntry *core, struct arch_thread *ret_thread, const char **ret_why)
{
	*ret_why = "it is not built in yet";
	return -ENOSYS;
}

SOON int arch_thread_set(pid_t tid, const struct arch_thread *thread)
{
	return -ENOSYS;
}

SOON void arch_thread_free(struct arch_thread *thread)
{
}

SOON uint64_t arch_image_clear_tid(const struct CoreEntry *core)
{
	return 0;
}
