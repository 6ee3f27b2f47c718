// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The trampoline: a system call, then the way home. Only mov, syscall and jmp: none of them
 * changes flags (syscall keeps them in r11, sysret puts them back), and no stack is needed.
 */
#include "arch/arch.h"

#include <errno.h>

#include <signal.h>
#include <string.h>

#define CS_COMPAT 0x23
#define NR_RT_SIGPROCMASK 14

/* Data behind the code, addressed relative to rip. */
#define DATA_MASK   144
#define DATA_TARGET 152
#define DATA_END    160

struct emit {
	uint8_t *buf;
	size_t n;
};

static void emit_bytes(struct emit *e, const void *bytes, size_t n)
{
	memcpy(e->buf + e->n, bytes, n);
	e->n += n;
}

static void emit_imm32(struct emit *e, const char *op, size_t n, uint32_t imm)
{
	emit_bytes(e, op, n);
	emit_bytes(e, &imm, sizeof(imm));
}

/* An instruction whose last four bytes are the distance to @data. */
static void emit_rel32(struct emit *e, const char *op, size_t n, size_t data)
{
	emit_imm32(e, op, n, (uint32_t)(data - (e->n + n + 4)));
}

static void emit_load(struct emit *e, const char op[2], uint64_t value)
{
	emit_bytes(e, op, 2);
	emit_bytes(e, &value, sizeof(value));
}

long arch_trampoline_build(uint8_t buf[ARCH_TRAMPOLINE_SIZE], pid_t tid, const struct arch_regs *home, uint64_t sigmask)
{
	struct emit e = { buf, 0 };
	struct {
		uint32_t ip;
		uint16_t cs;
	} __attribute__((packed)) far = { (uint32_t)home->ip, CS_COMPAT };

	memset(buf, 0xcc, ARCH_TRAMPOLINE_SIZE);

	emit_bytes(&e, "\x0f\x05", 2);				/* syscall */
	/* ARCH_TRAMPOLINE_HOME: rt_sigprocmask(SIG_SETMASK, &mask, NULL, 8) */
	emit_imm32(&e, "\xb8", 1, NR_RT_SIGPROCMASK);		/* mov $nr, %eax */
	emit_imm32(&e, "\xbf", 1, SIG_SETMASK);			/* mov $how, %edi */
	emit_rel32(&e, "\x48\x8d\x35", 3, DATA_MASK);		/* lea mask(%rip), %rsi */
	emit_imm32(&e, "\xba", 1, 0);				/* mov $0, %edx */
	emit_imm32(&e, "\x41\xba", 2, 8);			/* mov $8, %r10d */
	emit_bytes(&e, "\x0f\x05", 2);				/* syscall */
	/* What the two calls clobbered, and their arguments. */
	emit_load(&e, "\x48\xb8", home->ax);
	emit_load(&e, "\x48\xb9", home->cx);
	emit_load(&e, "\x49\xbb", home->r11);
	emit_load(&e, "\x48\xbf", home->di);
	emit_load(&e, "\x48\xbe", home->si);
	emit_load(&e, "\x48\xba", home->dx);
	emit_load(&e, "\x49\xba", home->r10);
	emit_load(&e, "\x49\xb8", home->r8);
	emit_load(&e, "\x49\xb9", home->r9);
	if (arch_is_compat(home))
		emit_rel32(&e, "\xff\x2d", 2, DATA_TARGET);	/* ljmpl *target(%rip): m16:32 */
	else
		emit_rel32(&e, "\xff\x25", 2, DATA_TARGET);	/* jmp *target(%rip) */

	memcpy(buf + DATA_MASK, &sigmask, sizeof(sigmask));
	if (arch_is_compat(home))
		memcpy(buf + DATA_TARGET, &far, sizeof(far));
	else
		memcpy(buf + DATA_TARGET, &home->ip, sizeof(home->ip));

	return DATA_END;
}

bool arch_is_padding(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i])
			return false;

	return true;
}

long arch_find_syscall(const uint8_t *code, size_t n)
{
	for (size_t i = 0; i + 2 <= n; i++)
		if (code[i] == 0x0f && code[i + 1] == 0x05)
			return (long)i;
	return -ENOENT;
}
