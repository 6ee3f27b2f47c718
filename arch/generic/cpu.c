// SPDX-License-Identifier: LGPL-2.1-only
/* The CPU of an architecture that the image format tells nothing of. */
#include "arch/arch.h"

#include <errno.h>

int arch_cpu_to_image(struct CpuinfoEntry *cpu, struct ProtobufCAllocator *alloc)
{
	return -EOPNOTSUPP;
}

int arch_cpu_compare(const struct CpuinfoEntry *image, const struct CpuinfoEntry *host, unsigned int needs,
		     arch_cpu_tell *tell, void *arg)
{
	tell(arg, true, "an entry of this architecture; the format has none");
	return -EINVAL;
}

uint64_t arch_image_xfeatures(const struct CoreEntry *core)
{
	return 0;
}
