/* SPDX-License-Identifier: LGPL-2.1-only */
/* Facts of x86: extended state by CPUID and XGETBV, the rest by arch_prctl(2). */
#include "arch/facts.h"

#include <cpuid.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAP_VDSO_32	  0x2002 /* ARCH_MAP_VDSO_32, Linux 4.9 */
#define MAP_VDSO_64	  0x2003
#define GET_XCOMP_SUPP	  0x1021 /* Linux 5.16 */
#define SHSTK_LOCK	  0x5003 /* Linux 6.6 */
#define SHSTK_STATUS	  0x5005
#define XFEATURES_TILE	  (1ull << 18)
#define CPUID_1C_OSXSAVE  (1u << 27)

static long arch_prctl(long code, unsigned long arg)
{
	return syscall(SYS_arch_prctl, code, arg) < 0 ? -errno : 0;
}

static uint64_t read_xcr0(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & CPUID_1C_OSXSAVE))
		return 0;
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return (uint64_t)d << 32 | a;
}

/* A process that has a vdso is refused another with EEXIST; a kernel that knows no such call, EINVAL. */
static int map_vdso(long code)
{
	long r = arch_prctl(code, 0);

	if (r == -EEXIST || r == 0)
		return 1;
	return r == -EINVAL ? 0 : (int)r;
}

/* getpid(2) by the 32-bit door; SIGSEGV where there is none. */
static int compat(void)
{
	int pid;

	__asm__ volatile("int $0x80" : "=a"(pid) : "a"(20) : "r8", "r9", "r10", "r11", "memory");
	if (pid == -ENOSYS)
		return 0;
	return pid > 0 ? map_vdso(MAP_VDSO_32) : pid;
}

static int xsave_size(uint64_t *ret_value)
{
	unsigned a, b, c, d;

	if (!read_xcr0() || !__get_cpuid_count(0xd, 0, &a, &b, &c, &d))
		return 0;
	*ret_value = b; /* for what XCR0 enables now */
	return 1;
}

static int amx(uint64_t *ret_value)
{
	uint64_t mask = 0;
	long r = arch_prctl(GET_XCOMP_SUPP, (unsigned long)&mask);

	if (r == -EINVAL)
		return 0;
	if (r < 0)
		return (int)r;
	*ret_value = mask;
	return mask & XFEATURES_TILE ? 1 : 0;
}

/* CPUID.7.0 */
static bool cpu_has(bool in_edx, unsigned bit)
{
	unsigned a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (in_edx ? d : c) & 1u << bit;
}

#define CPU_SHSTK cpu_has(false, 7)
#define CPU_IBT	  cpu_has(true, 20)

/* 1 and the mask of what is on for us; 0: the kernel has no such calls; -errno. */
static int shstk_status(uint64_t *ret_on)
{
	uint64_t on = 0;
	long r = arch_prctl(SHSTK_STATUS, (unsigned long)&on);

	/* ENOTSUPP (524, not an errno of user space) from kernels built without. */
	if (r == -EINVAL || r == -524 || r == -EOPNOTSUPP)
		return 0;
	if (r < 0)
		return (int)r;
	*ret_on = on;
	return 1;
}

/* The kernel's calls know no CPU. */
static int shadow_stack(uint64_t *ret_value)
{
	int r = shstk_status(ret_value);

	return r <= 0 ? r : CPU_SHSTK;
}

static int shadow_stack_on(uint64_t *ret_value)
{
	int r = shstk_status(ret_value);

	return r <= 0 ? r : *ret_value != 0;
}

/* Locks nothing. */
static int shadow_stack_lock(void)
{
	long r = arch_prctl(SHSTK_LOCK, 0);

	if (r == -EINVAL || r == -524 || r == -EOPNOTSUPP)
		return 0;
	return r < 0 ? (int)r : 1;
}

int arch_fact(enum arch_fact what, uint64_t *ret_value)
{
	uint64_t unused;

	switch (what) {
	case ARCH_FACT_MAP_VDSO:
		return map_vdso(MAP_VDSO_64);
	case ARCH_FACT_COMPAT:
		return compat();
	case ARCH_FACT_XSAVE_SIZE:
		return xsave_size(ret_value);
	case ARCH_FACT_XFEATURES:
		*ret_value = read_xcr0();
		return *ret_value ? 1 : 0;
	case ARCH_FACT_AMX:
		return amx(ret_value);
	case ARCH_FACT_SHADOW_STACK:
		return shadow_stack(ret_value);
	case ARCH_FACT_SHSTK_CPU:
		return CPU_SHSTK;
	case ARCH_FACT_SHSTK_KERNEL:
		return shstk_status(&unused);
	case ARCH_FACT_SHSTK_ON:
		return shadow_stack_on(ret_value);
	case ARCH_FACT_SHSTK_LOCK:
		return shadow_stack_lock();
	case ARCH_FACT_IBT:
		return CPU_IBT;
	}
	return 0;
}
