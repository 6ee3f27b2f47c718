// SPDX-License-Identifier: LGPL-2.1-only
/* Page size and the end of user space. */
#include "arch/arch.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t task_end;	/* a cache: the number of page table levels is fixed at boot */
static pthread_once_t task_end_once = PTHREAD_ONCE_INIT;

size_t arch_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* The kernel is built for some number of bits and does not tell; an address in the upper half of what it has can be mapped. */
static bool has_bits(unsigned int bits)
{
	void *high = (void *)(1ull << (bits - 1));
	void *p = mmap(high, arch_page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p == MAP_FAILED)
		return errno == EEXIST;
	(void)munmap(p, arch_page_size());
	return p == high;
}

static void ask(void)
{
	static const unsigned int bits[] = { 52, 48, 47, 42, 39 };

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]) && !task_end; i++)
		if (has_bits(bits[i]))
			task_end = 1ull << bits[i];
	if (!task_end)
		task_end = 1ull << 36;
}

uint64_t arch_task_size(const struct arch_regs *regs)
{
	(void)pthread_once(&task_end_once, ask);
	return task_end;
}
