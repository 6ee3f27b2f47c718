/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * All that the engine asks of an architecture. Each arch/<name>/ answers in files of the same
 * names; arch/generic/<file>.c has the usual answer where there is one.
 *
 * Unless told otherwise a function returns 0 or -errno and logs nothing: the caller knows the
 * task. @tid is a thread that the caller traces and that is stopped.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "regs.h" /* arch/<name>/regs.h: struct arch_regs, struct arch_extras */

struct CoreEntry;
struct CpuinfoEntry;
struct ProtobufCAllocator;

/* ---- general registers (regs.c) ------------------------------------------------------------ */

int arch_regs_get(pid_t tid, struct arch_regs *ret_regs);
int arch_regs_set(pid_t tid, const struct arch_regs *regs);

uint64_t arch_regs_pc(const struct arch_regs *regs);
uint64_t arch_regs_sp(const struct arch_regs *regs);
void arch_regs_set_pc(struct arch_regs *regs, uint64_t pc);
void arch_regs_set_sp(struct arch_regs *regs, uint64_t sp);

/* Make a stopped thread call @nr when it next runs; @pc holds a syscall instruction. */
void arch_regs_aim(struct arch_regs *regs, uint64_t pc, long nr, const uint64_t args[6]);
/* Make it enter the function at @pc with one argument, on the stack that ends at @sp (it must
 * not return). In a compat task the function is native code all the same. */
void arch_regs_enter(struct arch_regs *regs, uint64_t pc, uint64_t sp, uint64_t arg);
/* -errno on every architecture, also where the kernel flags errors apart (ppc64: cr0.SO, mips: a3). */
long arch_regs_result(const struct arch_regs *regs);
/* Give a system call's result (or a function's) back in @regs. */
void arch_regs_set_result(struct arch_regs *regs, long result);

/*
 * A thread stopped inside a system call has a kernel-only code (-ERESTART...) in its result.
 * ARCH_RESTART_IMAGE: what the image wants (semantics.md 5.1): calls that can start anew are moved
 * back onto their instruction, those with a restart block get EINTR, for another kernel has
 * no such block.
 * ARCH_RESTART_LIVE: what the same kernel would do on return without a signal; the restart block is
 * still there, so restart_syscall(2) continues it. A tracer does not need this when it
 * puts the untouched registers back in a stop of the signal path (PTRACE_EVENT_STOP): there the kernel
 * does it, and better, for it knows whether a handler will run.
 * ARCH_RESTART_STOP: what such a tracer puts back in a later stop of the signal path, when the thread has run something
 * else since. Where the kernel looks at the result behind each stop (x86) that is the same; where it
 * has done so before the stop (aarch64) a restart block would be lost.
 */
enum arch_restart { ARCH_RESTART_IMAGE, ARCH_RESTART_LIVE, ARCH_RESTART_STOP };
void arch_regs_fix_restart(struct arch_regs *regs, enum arch_restart how);

/* Does a system call's exit stop take all registers? Where not, a thread is brought to a stop of the signal path first. */
bool arch_has_whole_syscall_stop(void);

/* The state of the user's restartable sequence is fixed by compel; see victim_thread.rseq. */

/* ---- floating point and vectors (fpu.c) ------------------------------------------------------- */

/* The whole state as the kernel gives it (x86: the xsave area, of any size; AMX tiles included). */
struct arch_fpu {
	size_t size;
	_Alignas(64) uint8_t data[];
};

/* *ret_fpu is one malloc()ed block. */
int arch_fpu_get(pid_t tid, struct arch_fpu **ret_fpu);
int arch_fpu_set(pid_t tid, const struct arch_fpu *fpu);
/* What running a system call would take from the thread, though code inside the task touches none of it (aarch64: SVE
 * registers), for arch_fpu_set() afterwards. NULL: nothing. */
int arch_fpu_kept_get(pid_t tid, struct arch_fpu **ret_fpu);
/* NULL, or a word for what is in use and has no place in the image format ("AMX tile data"). */
const char *arch_fpu_not_in_image(const struct arch_fpu *fpu);

/* ---- a whole thread, between ptrace and image (thread.c) ---------------------------------------- */

struct arch_thread {
	struct arch_regs regs;
	struct arch_fpu *fpu;		/* owned */
	struct arch_extras extras;	/* x86: TLS slots of the GDT, shadow stack */
	uint64_t clear_tid_addr;	/* set_tid_address(2), 0: none. Not from ptrace. */
};

/* Registers as they are, FPU and extras; clear_tid_addr stays as it was. */
int arch_thread_get(pid_t tid, struct arch_thread *ret_thread);
/* The other way; extras that only the thread itself can set are left out (arch_has_compat). */
int arch_thread_set(pid_t tid, const struct arch_thread *thread);
void arch_thread_free(struct arch_thread *thread);

/*
 * Fill core->mtype and the architecture's thread message. Registers go through
 * ARCH_RESTART_IMAGE on the way. Memory comes from @alloc (NULL: malloc), each message and array
 * a block of its own, so core_entry__free_unpacked(core, alloc) frees all of it.
 */
int arch_thread_to_image(const struct arch_thread *thread, struct CoreEntry *core,
			 struct ProtobufCAllocator *alloc);
/*
 * The other way, every field checked against this host; the result is safe to give to ptrace.
 * -EINVAL: damaged; -EOPNOTSUPP: this CPU lacks what the image uses. *ret_why (may be NULL as a pointer)
 * is set to a static text that says what is wrong. Frees nothing and keeps nothing of @core.
 */
int arch_thread_from_image(const struct CoreEntry *core, struct arch_thread *ret_thread,
			   const char **ret_why);
/* The one slot of the thread message that the engine reads without the rest. 0 where there is none. */
uint64_t arch_image_clear_tid(const struct CoreEntry *core);

/* ---- signal frame (sigframe.c) ------------------------------------------------------------------ */

/* Bytes that a frame with @fpu may need, stack alignment included. */
size_t arch_sigframe_size(const struct arch_fpu *fpu);
/*
 * Build in @buf (arch_sigframe_size() bytes) the frame that rt_sigreturn accepts when it lies at address
 * @addr: registers, FPU (NULL: initial state) and signal mask. *ret_sp: the stack pointer with which to
 * call rt_sigreturn(2). Note: rt_sigreturn makes a pending restart block return EINTR.
 */
int arch_sigframe_build(void *buf, uint64_t addr, const struct arch_regs *regs,
			const struct arch_fpu *fpu, uint64_t sigmask, uint64_t *ret_sp);

/* ---- code we inject (entry.S, trampoline.c) ------------------------------------------------------- */

/*
 * A trampoline: position independent bytes that a thread may run with nobody watching. It
 * begins with one syscall instruction (aim at its first byte), then sets the signal mask to @sigmask and every register
 * that a system call or code inside the task clobbers to that of @home, and goes on at its pc.
 * So a thread that is aimed at it always comes home, whoever dies.
 * @home must have gone through ARCH_RESTART_LIVE. @tid is the thread, for state that is not in @home; 0: it is not to go
 * home. ARCH_TRAMPOLINE_SIZE (regs.h) bytes, aligned to 16; returns how many are used, or -errno.
 */
long arch_trampoline_build(uint8_t buf[ARCH_TRAMPOLINE_SIZE], pid_t tid, const struct arch_regs *home, uint64_t sigmask);

/* The offset of the first instruction in @code that makes a system call, or -ENOENT. */
long arch_find_syscall(const uint8_t *code, size_t n);

/* Where an executable mapping leaves room: what padding bytes look like there (x86: 0). */
bool arch_is_padding(const uint8_t *bytes, size_t n);

/* ---- vdso (vdso.c) ---------------------------------------------------------------------------------- */

/* Names of the functions a vdso of this architecture may have, the same order always; NULL ends it. */
extern const char *const arch_vdso_symbols[];
#define ARCH_VDSO_MAX 16

/* Offsets of arch_vdso_symbols[] in the vdso image of @size bytes at @image (0: absent). Hostile safe:
 * -EINVAL when it is no ELF of this architecture or points outside of itself. (arch/generic/vdso.c) */
int arch_vdso_parse(const void *image, size_t size, uint64_t ret_offsets[ARCH_VDSO_MAX]);
/* Where its segments end; the rest of its pages no program looks at (arch/generic/vdso.c). Hostile safe, too. */
int arch_vdso_end(const void *image, size_t size, uint64_t *ret_end);
/* Code that jumps to the absolute address @to; it goes over the start of an old function, which lies at @from, in
 * a vdso of a compat task or not. Returns its length. */
#define ARCH_VDSO_JUMP_SIZE 32
size_t arch_vdso_jump(uint8_t buf[ARCH_VDSO_JUMP_SIZE], uint64_t from, uint64_t to, bool compat);

/* ---- limits (limits.h, limits.c) ------------------------------------------------------------------- */

size_t arch_page_size(void);			/* asked at run time */
/* First address above user space for such a thread (x86: 47 or 56 bits, 4 GiB for compat). */
uint64_t arch_task_size(const struct arch_regs *regs);

/* ---- the CPU as cpuinfo.img tells it (cpu.c) ------------------------------------------------------- */

/* What must be alike, bits as in the RPC message. */
enum arch_cpu_need {
	ARCH_CPU_FPU = 1, /* every part of the extended state is there, and the area has one layout */
	ARCH_CPU_ALL = 2, /* all that is told of both is the same */
	ARCH_CPU_INS = 4, /* every instruction that was there is there; mere speed-ups do not count */
};

/* This CPU, memory from @alloc as in arch_thread_to_image(). -EOPNOTSUPP: the format has no place for it. */
int arch_cpu_to_image(struct CpuinfoEntry *cpu, struct ProtobufCAllocator *alloc);
/*
 * Can what ran on @image run on @host? Either may be any bytes that protobuf took. Calls @tell for each thing that is
 * not there: with @counts false for what no program needs. The number of those that count; -EINVAL, after telling why,
 * for an entry that is damaged or of another architecture.
 */
typedef void arch_cpu_tell(void *arg, bool counts, const char *what);
int arch_cpu_compare(const struct CpuinfoEntry *image, const struct CpuinfoEntry *host, unsigned int needs,
		     arch_cpu_tell *tell, void *arg);

/* The parts of the extended state that a thread of these images uses, as bits of kerndat's row xfeatures. */
uint64_t arch_image_xfeatures(const struct CoreEntry *core);

/* ---- what few have (extras.c) ---------------------------------------------------------------------- */

bool arch_has_compat(void);			/* tasks of a second, smaller ABI can exist here */
bool arch_is_compat(const struct arch_regs *regs);
bool arch_image_is_compat(const struct CoreEntry *core);
/* What mmap(2) by native code needs in its flags, so that such a thread can reach the mapping. */
int arch_mmap_flags(const struct arch_regs *regs);
/* get_robust_list(2) of a compat thread, which keeps a list of its own. */
int arch_compat_robust_list(pid_t tid, uint64_t *ret_head, uint32_t *ret_size);

/* The shadow stack pointer; -ENODEV where there is none (not in the CPU, the kernel, or not on). */
int arch_shadow_stack_get(pid_t tid, uint64_t *ret_ssp);
int arch_shadow_stack_set(pid_t tid, uint64_t ssp);
