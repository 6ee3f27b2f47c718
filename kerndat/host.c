/* SPDX-License-Identifier: LGPL-2.1-only */
/* The CPU and the address space. What only an architecture knows comes from arch/facts.h. */
#include "kerndat/probes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

PROBE(probe_auxv)
{
	unsigned long v = 0;
	int r = kd_auxv((unsigned long)row->arg, &v);

	if (r < 0)
		return kd_cannot_tell(r);
	return r ? kd_yes_value(v) : kd_no_why("auxv does not have it");
}

/* The largest power of two below which a page can be mapped; tried where nothing can be hit. */
static struct kd_answer find_top(void *arg)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (unsigned bits = sizeof(long) * 8 - 1; bits > 20; bits--) {
		uintptr_t at = ((uintptr_t)1 << bits) - 4 * page;
		void *p = mmap((void *)at, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		/* Below 4.17 the address is a hint: the answer elsewhere is a no for this one. */
		if (p == (void *)at || (p == MAP_FAILED && errno == EEXIST))
			return kd_yes_value(bits);
		if (p == MAP_FAILED && errno != ENOMEM && errno != EINVAL)
			return kd_cannot_tell(errno);
	}
	return kd_cannot_tell(ENOMEM);
}

PROBE(probe_address_bits)
{
	return kd_in_child(kd, find_top, NULL);
}

/* path: the name of a mapping that belongs to the vdso */
PROBE(probe_vdso)
{
	char text[16384], *line, *rest, *end;
	int r;

	if (!getauxval(AT_SYSINFO_EHDR))
		return kd_no_why("auxv tells of no vdso");
	r = kd_read_file("/proc/self/maps", text, sizeof(text));
	if (r < 0)
		return kd_cannot_tell(r);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (strstr(line, row->path)) {
			uint64_t start = strtoull(line, &end, 16);

			return kd_yes_value(strtoull(end + 1, NULL, 16) - start);
		}
	/* The kernel puts them behind all others, where they may not fit in here. */
	return r == sizeof(text) - 1 ? kd_cannot_tell(E2BIG) : kd_no();
}

static struct kd_answer ask_arch(void *arg)
{
	uint64_t value = 0;
	int r = arch_fact((enum arch_fact)(long)arg, &value);

	if (r < 0)
		return kd_cannot_tell(r);
	if (r == 0)
		return kd_no();
	return value ? kd_yes_value(value) : kd_yes();
}

PROBE(probe_arch_fact)
{
	return ask_arch((void *)row->arg);
}

/* By doing: who has no 32-bit calls dies of a SIGSEGV, which is an answer. */
PROBE(probe_compat)
{
	struct kd_answer a = kd_in_child(kd, ask_arch, (void *)(long)ARCH_FACT_COMPAT);

	return strstr(a.why, "SIGSEGV") ? kd_no_why("32-bit system calls do not work here") : a;
}
