// SPDX-License-Identifier: GPL-2.0-only
/* Until arch/generic/vdso.c and criu/fd/memfd.c land, which replace these weak symbols; delete this file then. */
#include <errno.h>

#include "arch/arch.h"
#include "base/err.h"
#include "criu/fd/fd.h"
#include "criu/task/dump.h"

#define SOON __attribute__((weak))

SOON int arch_vdso_parse(const void *image, size_t size, uint64_t ret_offsets[ARCH_VDSO_MAX])
{
	return -ENOSYS;
}

SOON int fd_shmem_id(struct dump *d, struct task *t, const char *link, uint32_t flags, uint32_t *ret_id)
{
	return refuse_task(t->pid, -ENOTSUP, "dump its shared memory at %s: it is not built in yet", link);
}
