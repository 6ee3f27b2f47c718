/* SPDX-License-Identifier: LGPL-2.1-only */
/* Facts of architectures that have none of these. */
#include "arch/facts.h"

int arch_fact(enum arch_fact what, uint64_t *ret_value)
{
	return 0;
}
