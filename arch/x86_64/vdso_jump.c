// SPDX-License-Identifier: LGPL-2.1-only
/* Names in the vdso of x86_64, and the jump that sends callers of the old one to the new one. */
#include "arch/arch.h"

#include <string.h>

const char *const arch_vdso_symbols[] = {
	"__vdso_clock_gettime",
	"__vdso_getcpu",
	"__vdso_gettimeofday",
	"__vdso_time",
	"__vdso_clock_getres",
	"__vdso_getrandom",
	"__vdso_sgx_enter_enclave",
	/* i386 has these beside the above */
	"__kernel_vsyscall",
	"__kernel_sigreturn",
	"__kernel_rt_sigreturn",
	"__vdso_clock_gettime64",
	NULL,
};

/*
 * movabs $to, %rax; jmp *%rax: rax holds no argument at the entry of a function. In 32 bits jmp to, relative: eax is the
 * argument of __kernel_vsyscall, whose int $0x80 stands close behind its fifth byte, and threads may wait there.
 */
size_t arch_vdso_jump(uint8_t buf[ARCH_VDSO_JUMP_SIZE], uint64_t from, uint64_t to, bool compat)
{
	const uint32_t distance = (uint32_t)(to - (from + 5));

	memset(buf, 0xcc, ARCH_VDSO_JUMP_SIZE);
	if (compat) {
		buf[0] = 0xe9;
		memcpy(buf + 1, &distance, sizeof(distance));
		return 5;
	}
	memcpy(buf, "\x48\xb8", 2);
	memcpy(buf + 2, &to, sizeof(to));
	memcpy(buf + 10, "\xff\xe0", 2);
	return 12;
}
