/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * libcompel: take hold of a task with all its threads, make it run code of ours, and let it go
 * as it was.
 *
 *	struct victim *v;
 *
 *	r = victim_seize(pid, signals, &v);		stopped; nothing in it has changed
 *	r = victim_infect(v, &blob, sizeof(args));	one mapping and one descriptor more
 *	r = victim_call(v, PARASITE_DUMP_TASK, &args, sizeof(args));
 *	r = victim_call_threads(v, PARASITE_DUMP_THREAD, targs, sizeof(*targs));
 *	r = victim_cure(v);				as it was, still stopped
 *	victim_release(v, VICTIM_RUN);			goes on; v is freed
 *
 * If we die at any moment (SIGKILL too), the task goes on by itself: whatever registers
 * we give a thread lead home (see arch_trampoline_build()), and the parasite leaves when its socket
 * closes.
 *
 * All functions return 0 or -errno and log errors with the pid. Nothing here looks at a clock or
 * tries again after a while: who wants a time limit sets an alarm() and has SIGALRM among its @signals; waiting then
 * ends with -EINTR and a message that tells what the thread waits for. The thread that seizes must make all
 * the calls (the kernel ties a tracee to one thread).
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "arch/arch.h"

enum victim_state {
	VICTIM_ALIVE,
	VICTIM_STOPPED,		/* by job control: SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU */
	VICTIM_ZOMBIE,		/* no thread lives; nothing is traced, only exit_code is known */
};

struct victim_rseq {
	uint64_t ptr;		/* 0: not registered */
	uint32_t size, signature, flags;
	uint64_t cs;		/* what rseq->rseq_cs was when seized */
	bool cs_kept;		/* the thread is inside that section, and signals do not restart it */
};

struct victim_thread {
	pid_t tid;		/* in our pid namespace */
	bool is_dead;		/* the leader has exited, others live; no register is known */
	/*
	 * As the kernel stopped it, one thing excepted: inside a restartable sequence the
	 * pc is the abort address, where the kernel was about to send it. These are what cure puts back.
	 * The engine may read them; a change takes effect at cure.
	 */
	struct arch_regs regs;
	uint64_t sigmask;
	struct victim_rseq rseq;
	bool has_rseq;		/* the kernel can tell (5.13) */

	/* compel's own */
	uint8_t where;
	bool has_ssp;
	uint64_t ssp;
	struct arch_fpu *kept;	/* owned; what running code took from it (arch_fpu_kept_get()) */
};

struct victim {
	pid_t pid;
	enum victim_state state;
	int stop_signal;		/* VICTIM_STOPPED */
	int exit_code;			/* VICTIM_ZOMBIE: the wait status word */
	size_t nr_threads;		/* the leader first, dead or not; the others by tid */
	struct victim_thread *threads;
	bool seccomp_suspended;		/* filters do not see what we inject */

	/* compel's own */
	int signals;			/* the caller's; -1: to be waited for to the end */
	int mem_fd, pid_fd;		/* /proc/PID/mem, or -1; use victim_pidfd() */
	struct victim_infection *inf;
	struct victim_site *site;
};

/* ---- seize (seize.c) -------------------------------------------------------------------------- */

/*
 * Stop all threads of one task, those born meanwhile too. A signal that was being delivered is delivered
 * first (the handler's frame is set up, none of its instructions has run), so none is lost.
 * Zombies are not an error: state says so and nothing is traced.
 * A parent inside vfork() cannot stop before its child has left: seize parents before children
 * and let the child run, then it resolves by itself; a child that never leaves is reported by
 * name when one of the caller's signals ends the wait.
 *
 * @signals: a blocking signalfd(2) of the caller's for SIGCHLD, which tells of tracees, and for all that shall end a
 * wait with -EINTR, here and until victim_release(). All of them must be blocked, and SIGCHLD not be ignored.
 * The one that ends a wait is left pending: it ends each wait until the caller takes it, by sigtimedwait(). One
 * descriptor serves all victims of a thread; it stays the caller's.
 * -ESRCH: gone. -EBUSY: traced by somebody else (told by pid). -EINTR: a signal.
 * On failure everything is let go again.
 */
int victim_seize(pid_t pid, int signals, struct victim **ret_victim);

struct victim_thread *victim_thread(const struct victim *v, pid_t tid);
/* Any thread that lives, the leader if it does. */
struct victim_thread *victim_living(const struct victim *v);

enum victim_release {
	VICTIM_RUN,		/* as before: a task stopped by job control stays stopped */
	VICTIM_LEAVE_STOPPED,	/* and everything else is stopped by SIGSTOP */
	VICTIM_KILL,		/* SIGKILL before anything can run */
};

/*
 * For who kills many: first prepare all, then kill all, one call after the other, so that whoever dies
 * meanwhile leaves all or none behind; then victim_release(VICTIM_KILL) reaps each. They are not to be cured first.
 */
void victim_kill_prepare(struct victim *v);
void victim_kill(struct victim *v);

/* Cure if needed, detach, free. NULL is fine. Goes through with it whatever fails; the first error
 * is returned. */
int victim_release(struct victim *v, enum victim_release how);

/* ---- view (view.c) ----------------------------------------------------------------------------------- */

/*
 * The process as /proc shows it now, without taking hold of it: it runs on. Only pid, state, exit_code, the tid and is_dead of
 * threads, victim_thread() and victim_living() mean something. -ESRCH: gone.
 */
int victim_view(pid_t pid, struct victim **ret_victim);
/* For what victim_view() gave, in place of victim_release(). NULL is fine. */
void victim_view_free(struct victim *v);

/* ---- look (look.c) -------------------------------------------------------------------------------- */

/* Pending signals in delivery order; @tid 0: the queue shared by all threads. malloc()ed. Nothing is taken away. */
int victim_pending(const struct victim *v, pid_t tid, siginfo_t **ret_infos, size_t *ret_nr);

/* Memory of the task, all of it or an error. Writing works where the task may only read (copy-on-write is broken). */
int victim_read(const struct victim *v, uint64_t addr, void *buf, size_t n);
int victim_write(const struct victim *v, uint64_t addr, const void *buf, size_t n);

/* A pidfd of the task (of a living thread when its leader is dead), owned by @v; -errno where the
 * kernel has none. */
int victim_pidfd(struct victim *v);
/* A duplicate of the task's descriptor @fd, close-on-exec. */
int victim_getfd(struct victim *v, int fd);

/* ---- remote system calls (remote.c) ------------------------------------------------------------------ */

/*
 * Run one system call in thread @t (NULL: victim_living()). @ret is the result or -errno; what
 * this function returns is whether it could be run. The thread stays prepared for more calls
 * until victim_cure(). Do not use calls that set a restart block (nanosleep, poll, futex with a
 * timeout) nor rt_sigreturn: the task's own interrupted call would forget its state.
 */
int victim_syscall(struct victim *v, struct victim_thread *t, long nr, const uint64_t args[6],
		   long *ret);

/* For the coordinator of a restore, on any stopped tracee that has no way home to keep: run @nr with the syscall
 * instruction at @pc; *regs is what the thread has and is left with (only its copy is used). */
int compel_syscall_at(pid_t tid, const struct arch_regs *regs, uint64_t pc, long nr,
		      const uint64_t args[6], long *ret);
/* From behind such a call to a stop that takes all registers. */
int compel_settle(pid_t tid);

/* ---- the parasite (infect.c) --------------------------------------------------------------------------- */

/* Code that the Makefile embedded: [elf, elf_end) is a static position independent ELF. */
struct compel_blob {
	const void *elf, *elf_end;
};
#define COMPEL_BLOB(name)                                             \
	({                                                            \
		extern const char blob_##name##_elf[];                \
		extern const char blob_##name##_elf_end[];            \
		(struct compel_blob){ blob_##name##_elf, blob_##name##_elf_end }; \
	})

/* Bytes that the blob takes when loaded (whole pages); -EINVAL for a damaged one. (blob.c) */
long compel_blob_size(const struct compel_blob *blob);
/* Lay it out in @buf (compel_blob_size() bytes, zeroed) as it must stand at @addr, relocated.
 * *ret_entry: the address of blob_entry. */
int compel_blob_load(const struct compel_blob *blob, void *buf, uint64_t addr, uint64_t *ret_entry);

/* Largest argument block of a call. */
#define VICTIM_ARGS_MAX 65536

/* Bring the parasite in. @args_size: the largest block that the calls will use. */
int victim_infect(struct victim *v, const struct compel_blob *blob, size_t args_size);
bool victim_is_infected(const struct victim *v);

/*
 * Run command @cmd in the thread that hosts the parasite: @args goes in, comes back changed.
 * Returns what the command returned (0 or more, or -errno, not logged), or -ESRCH, -EIO (logged)
 * when the parasite is lost.
 */
int victim_call(struct victim *v, int cmd, void *args, size_t size);
/*
 * The same in every living thread: @args is an array with an element of @size for each of
 * v->threads (those of dead threads are left alone). Several threads run at once. The first error
 * of a command ends it.
 */
int victim_call_threads(struct victim *v, int cmd, void *args, size_t size);
/* In one thread. */
int victim_call_thread(struct victim *v, pid_t tid, int cmd, void *args, size_t size);

/* While infected, what is ours in the task: not to be dumped. False when there is none. */
bool victim_owns_fd(const struct victim *v, int fd);
bool victim_owns_mapping(const struct victim *v, uint64_t addr);

/* Take everything of ours out: mapping, descriptor, trampoline, registers, signal masks. The
 * task stays stopped. Fine on a victim that was never infected. */
int victim_cure(struct victim *v);
