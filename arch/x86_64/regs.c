// SPDX-License-Identifier: LGPL-2.1-only
/* General registers of x86_64 and i386 tasks. */
#include "arch/arch.h"

#include <errno.h>
#include <sys/ptrace.h>

#include "base/err.h"

#define CS_NATIVE 0x33
#define CS_COMPAT 0x23

#define FLAG_TF (1u << 8)
#define FLAG_DF (1u << 10)

/* The kernel's own codes in the result of an interrupted call; user space never sees them. */
enum {
	RESTART_SYS = -512,
	RESTART_NOINTR = -513,
	RESTART_NOHAND = -514,
	RESTART_BLOCK = -516,
};

#define NR_RESTART_SYSCALL	  219
#define NR_RESTART_SYSCALL_COMPAT 0

int arch_regs_get(pid_t tid, struct arch_regs *ret_regs)
{
	return ptrace(PTRACE_GETREGS, tid, NULL, ret_regs) < 0 ? -errno : 0;
}

int arch_regs_set(pid_t tid, const struct arch_regs *regs)
{
	return ptrace(PTRACE_SETREGS, tid, NULL, regs) < 0 ? -errno : 0;
}

bool arch_has_whole_syscall_stop(void)
{
	return true;
}

uint64_t arch_regs_pc(const struct arch_regs *regs)
{
	return regs->ip;
}

uint64_t arch_regs_sp(const struct arch_regs *regs)
{
	return regs->sp;
}

void arch_regs_set_pc(struct arch_regs *regs, uint64_t pc)
{
	regs->ip = pc;
}

void arch_regs_set_sp(struct arch_regs *regs, uint64_t sp)
{
	regs->sp = sp;
}

void arch_regs_aim(struct arch_regs *regs, uint64_t pc, long nr, const uint64_t args[6])
{
	regs->ip = pc;
	regs->cs = CS_NATIVE;
	regs->ax = (uint64_t)nr;
	regs->di = args[0];
	regs->si = args[1];
	regs->dx = args[2];
	regs->r10 = args[3];
	regs->r8 = args[4];
	regs->r9 = args[5];
	/* Not in a system call: the kernel must not restart one with these registers. */
	regs->orig_ax = (uint64_t)-1;
}

void arch_regs_enter(struct arch_regs *regs, uint64_t pc, uint64_t sp, uint64_t arg)
{
	regs->ip = pc;
	regs->cs = CS_NATIVE;
	regs->sp = (sp & ~15ull) - 8; /* as if called */
	regs->di = arg;
	regs->flags &= ~(uint64_t)(FLAG_TF | FLAG_DF);
	regs->orig_ax = (uint64_t)-1;
}

long arch_regs_result(const struct arch_regs *regs)
{
	return (long)regs->ax;
}

void arch_regs_set_result(struct arch_regs *regs, long result)
{
	regs->ax = (uint64_t)result;
}

void arch_regs_fix_restart(struct arch_regs *regs, enum arch_restart how)
{
	bool compat = arch_is_compat(regs);
	long nr = compat ? (int32_t)regs->orig_ax : (long)regs->orig_ax;
	long ret = compat ? (int32_t)regs->ax : (long)regs->ax;

	if (nr < 0 || how == ARCH_RESTART_STOP)
		return;

	switch (ret) {
	case RESTART_SYS:
	case RESTART_NOINTR:
	case RESTART_NOHAND:
		regs->ax = regs->orig_ax;
		regs->ip -= 2; /* both syscall and int $0x80 have two bytes */
		break;
	case RESTART_BLOCK:
		if (how == ARCH_RESTART_IMAGE) {
			regs->ax = (uint64_t)-EINTR;
			break;
		}
		regs->ax = compat ? NR_RESTART_SYSCALL_COMPAT : NR_RESTART_SYSCALL;
		regs->ip -= 2;
		break;
	}
}
