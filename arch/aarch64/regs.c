// SPDX-License-Identifier: LGPL-2.1-only
/*
 * General registers of aarch64 tasks.
 *
 * An interrupted system call looks otherwise than on most architectures: before the thread stops, the kernel has put it back
 * onto its svc instruction with the arguments it had, and no code (-ERESTART...) is left to see. In the same stop it
 * remembers which it was; once the thread has run something else nobody does. So where the
 * number says that the call would have gone on by restart_syscall(2), we do.
 */
#include "arch/arch.h"

#include <asm/unistd.h>
#include <elf.h>
#include <errno.h>
#include <linux/futex.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#define INSN_SVC 0xd4000001u

/* State of the instruction stream that a jump by the tracer must not take along: single step, branch type. */
#define PSTATE_FLOW (1ull << 21 | 3ull << 10)

#define TIMER_ABSTIME_ 1

/* Calls whose time to wait is relative; with an absolute one they are made anew. */
static bool sets_restart_block(const struct arch_regs *r)
{
	switch (r->x[8]) {
	case __NR_restart_syscall:
	case __NR_nanosleep:
		return true;
	case __NR_clock_nanosleep:
		return !(r->x[1] & TIMER_ABSTIME_);
	case __NR_futex:
		return (r->x[1] & FUTEX_CMD_MASK) == FUTEX_WAIT && r->x[3];
	}
	return false;
}

static bool is_at_call(pid_t tid, uint64_t pc)
{
	long word;

	if (pc & 3)
		return false;
	errno = 0;
	word = ptrace(PTRACE_PEEKTEXT, tid, (void *)(pc & ~7ull), NULL);
	return !errno && (uint32_t)((uint64_t)word >> (pc & 4) * 8) == INSN_SVC;
}

int arch_regs_get(pid_t tid, struct arch_regs *ret_regs)
{
	struct iovec iov = { ret_regs, ARCH_REGS_SIZE };

	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &iov) < 0)
		return -errno;
	/* A 32-bit task has fewer. */
	if (iov.iov_len != ARCH_REGS_SIZE)
		return -EOPNOTSUPP;
	ret_regs->has_restart_block = sets_restart_block(ret_regs) && is_at_call(tid, ret_regs->pc);
	return 0;
}

int arch_regs_set(pid_t tid, const struct arch_regs *regs)
{
	struct iovec iov = { (void *)regs, ARCH_REGS_SIZE };

	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &iov) < 0 ? -errno : 0;
}

/* The kernel shows entry or exit in x7 while a thread stands in one, and puts the old x7 back behind it. */
bool arch_has_whole_syscall_stop(void)
{
	return false;
}

uint64_t arch_regs_pc(const struct arch_regs *regs)
{
	return regs->pc;
}

uint64_t arch_regs_sp(const struct arch_regs *regs)
{
	return regs->sp;
}

void arch_regs_set_pc(struct arch_regs *regs, uint64_t pc)
{
	regs->pc = pc;
	regs->has_restart_block = false;
}

void arch_regs_set_sp(struct arch_regs *regs, uint64_t sp)
{
	regs->sp = sp;
}

void arch_regs_aim(struct arch_regs *regs, uint64_t pc, long nr, const uint64_t args[6])
{
	for (int i = 0; i < 6; i++)
		regs->x[i] = args[i];
	regs->x[8] = (uint64_t)nr;
	regs->pstate &= ~PSTATE_FLOW;
	arch_regs_set_pc(regs, pc);
}

void arch_regs_enter(struct arch_regs *regs, uint64_t pc, uint64_t sp, uint64_t arg)
{
	regs->x[0] = arg;
	regs->x[29] = regs->x[30] = 0;
	regs->sp = sp & ~15ull;
	regs->pstate &= ~PSTATE_FLOW;
	arch_regs_set_pc(regs, pc);
}

long arch_regs_result(const struct arch_regs *regs)
{
	return (long)regs->x[0];
}

void arch_regs_set_result(struct arch_regs *regs, long result)
{
	regs->x[0] = (uint64_t)result;
}

void arch_regs_fix_restart(struct arch_regs *regs, enum arch_restart how)
{
	if (!regs->has_restart_block)
		return;

	if (how == ARCH_RESTART_IMAGE) {
		regs->x[0] = (uint64_t)-EINTR;
		regs->pc += sizeof(uint32_t);
	} else {
		regs->x[8] = __NR_restart_syscall;
	}
	regs->has_restart_block = false;
}
