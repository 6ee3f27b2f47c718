// SPDX-License-Identifier: LGPL-2.1-only
/* Names in the vdso of aarch64, and the jump that sends callers of the old one to the new one. */
#include "arch/arch.h"

#include <string.h>

/* Not __kernel_rt_sigreturn: two instructions that are right in any vdso, too few to be overwritten. */
const char *const arch_vdso_symbols[] = {
	"__kernel_clock_gettime",
	"__kernel_gettimeofday",
	"__kernel_clock_getres",
	"__kernel_getrandom",
	NULL,
};

/* x16 is for code between caller and function; from it a jump may land on any kind of entry. */
size_t arch_vdso_jump(uint8_t buf[ARCH_VDSO_JUMP_SIZE], uint64_t from, uint64_t to, bool compat)
{
	static const uint32_t code[] = {
		0xd503245f,	/* bti c */
		0x58000070,	/* ldr x16, . + 12 */
		0xd61f0200,	/* br x16 */
		0xd4200000,	/* brk #0 */
	};

	memcpy(buf, code, sizeof(code));
	memcpy(buf + sizeof(code), &to, sizeof(to));
	return sizeof(code) + sizeof(to);
}
