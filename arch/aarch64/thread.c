// SPDX-License-Identifier: LGPL-2.1-only
/* A whole aarch64 thread: from and to ptrace. thread_image.c has the image. */
#include "arch/arch.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

/* Newer than the headers of Debian 12, some of them. */
enum {
	REGSET_TLS = 0x401,
	REGSET_PACA_KEYS = 0x407,
	REGSET_PACG_KEYS = 0x408,
	REGSET_TAGGED_ADDR_CTRL = 0x409,
	REGSET_PAC_ENABLED_KEYS = 0x40a,
};

/* Bytes that were there, 0 for no such thing. */
static int regset_get(pid_t tid, long regset, void *buf, size_t size)
{
	struct iovec iov = { buf, size };

	/* EINVAL: the kernel does not know it, or the CPU has none of it. */
	if (ptrace(PTRACE_GETREGSET, tid, (void *)regset, &iov) < 0)
		return errno == EINVAL || errno == ENODEV ? 0 : -errno;
	return (int)iov.iov_len;
}

static int regset_set(pid_t tid, long regset, const void *buf, size_t size)
{
	struct iovec iov = { (void *)buf, size };

	return ptrace(PTRACE_SETREGSET, tid, (void *)regset, &iov) < 0 ? -errno : 0;
}

static int extras_get(pid_t tid, struct arch_extras *x)
{
	int r;

	*x = (struct arch_extras){ 0 };
	r = regset_get(tid, REGSET_TLS, x->tls, sizeof(x->tls));
	if (r >= 0)
		r = regset_get(tid, REGSET_PACA_KEYS, x->paca, sizeof(x->paca));
	x->has_paca = r > 0;
	if (x->has_paca)
		r = regset_get(tid, REGSET_PAC_ENABLED_KEYS, &x->pac_enabled, sizeof(x->pac_enabled));
	if (r >= 0)
		r = regset_get(tid, REGSET_PACG_KEYS, x->pacg, sizeof(x->pacg));
	x->has_pacg = r > 0;
	if (r >= 0)
		r = regset_get(tid, REGSET_TAGGED_ADDR_CTRL, &x->tagged_addr, sizeof(x->tagged_addr));
	return r < 0 ? r : 0;
}

/* Where the thread differs; most of these every thread has alike. */
static int extras_set(pid_t tid, const struct arch_extras *x)
{
	struct arch_extras now;
	int r = extras_get(tid, &now);

	if (r == 0 && now.tls[0] != x->tls[0])
		r = regset_set(tid, REGSET_TLS, x->tls, sizeof(x->tls[0]));
	if (r == 0 && now.tls[1] != x->tls[1])
		r = regset_set(tid, REGSET_TLS, x->tls, sizeof(x->tls));
	if (r == 0 && x->has_paca)
		r = regset_set(tid, REGSET_PACA_KEYS, x->paca, sizeof(x->paca));
	if (r == 0 && x->has_paca && now.pac_enabled != x->pac_enabled)
		r = regset_set(tid, REGSET_PAC_ENABLED_KEYS, &x->pac_enabled, sizeof(x->pac_enabled));
	if (r == 0 && x->has_pacg)
		r = regset_set(tid, REGSET_PACG_KEYS, x->pacg, sizeof(x->pacg));
	if (r == 0 && now.tagged_addr != x->tagged_addr)
		r = regset_set(tid, REGSET_TAGGED_ADDR_CTRL, &x->tagged_addr, sizeof(x->tagged_addr));
	return r;
}

int arch_thread_get(pid_t tid, struct arch_thread *ret_thread)
{
	struct arch_thread t = { .clear_tid_addr = ret_thread->clear_tid_addr };
	int r;

	r = arch_regs_get(tid, &t.regs);
	if (r == 0)
		r = extras_get(tid, &t.extras);
	if (r == 0)
		r = arch_fpu_get(tid, &t.fpu);
	if (r == 0)
		*ret_thread = t;
	return r;
}

int arch_thread_set(pid_t tid, const struct arch_thread *thread)
{
	int r = extras_set(tid, &thread->extras);

	if (r == 0 && thread->fpu)
		r = arch_fpu_set(tid, thread->fpu);
	return r < 0 ? r : arch_regs_set(tid, &thread->regs);
}

void arch_thread_free(struct arch_thread *thread)
{
	free(thread->fpu);
	thread->fpu = NULL;
}
