// SPDX-License-Identifier: LGPL-2.1-only
/* Page size and the end of user space. */
#include "arch/arch.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096ull

static uint64_t task_end;	/* a cache: the number of page table levels is fixed at boot */
static pthread_once_t task_end_once = PTHREAD_ONCE_INIT;

size_t arch_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/*
 * Four levels of page tables give 47 bits, five give 56, and CPUID does not tell which of them the
 * kernel uses. A mapping that asks for an address above 47 bits gets it only with five.
 */
static void ask(void)
{
	void *above = (void *)(1ull << 47);
	void *p = mmap(above, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p != MAP_FAILED)
		(void)munmap(p, PAGE);
	task_end = (1ull << (p == above ? 56 : 47)) - PAGE;
}

uint64_t arch_task_size(const struct arch_regs *regs)
{
	if (arch_is_compat(regs))
		return 0x100000000ull;

	(void)pthread_once(&task_end_once, ask);
	return task_end;
}
