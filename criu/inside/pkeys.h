/* SPDX-License-Identifier: GPL-2.0-only */
/* Which protection keys a process has allocated, asked by itself. With and without libc. */
#pragma once

#include <errno.h>
#include <stdint.h>

#include "arch/sys.h"

#define PKEYS_MAX 32 /* ppc64; x86 has 16, arm64 8 */

/*
 * pkey_mprotect(2) looks at the key before the mapping, and up here is none: EINVAL, the key is not allocated; ENOMEM, it is. Key 0
 * always is, where there are keys at all. The key of PROT_EXEC-only mappings does not count, the kernel keeps it.
 */
static inline long pkeys_ask(int key)
{
	return sys_call4(__NR_pkey_mprotect, (long)(INT64_MAX - 0xffff), 0x10000, 0, key);
}

/* Bit N: key N. 0: none but key 0, or no keys here. */
static inline uint32_t pkeys_allocated(void)
{
	uint32_t mask = 0;

	if (pkeys_ask(0) != -ENOMEM)
		return 0;
	for (int key = 1; key < PKEYS_MAX; key++)
		if (pkeys_ask(key) == -ENOMEM)
			mask |= 1u << key;
	return mask;
}
