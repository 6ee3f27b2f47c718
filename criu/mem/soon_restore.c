/* SPDX-License-Identifier: GPL-2.0-only */
/* Until the restore side of memory lands, which replaces these weak symbols; delete this file then. */
#include <errno.h>

#include "base/err.h"
#include "criu/mem/mem.h"

#define SOON __attribute__((weak))

SOON int mem_restore_read(struct restore *rs, struct rtask *rt)
{
	return refuse_any(-ENOSYS, "restore memory; it is not built in yet");
}

SOON int mem_restore_place(struct restore *rs, struct rtask *rt)
{
	return -ENOSYS;
}

SOON int mem_restore_args(struct restore *rs, struct rtask *rt, struct restorer_args *args)
{
	return -ENOSYS;
}

SOON int mem_restore_find_hole(struct restore *rs, struct rtask *rt, size_t size, uint64_t *ret_addr)
{
	return -ENOSYS;
}
