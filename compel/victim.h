/* SPDX-License-Identifier: LGPL-2.1-only */
/* What the files of compel share among themselves. */
#pragma once

#include "compel/compel.h"

/* Where a thread's registers lead. */
enum victim_where {
	AT_HOME,		/* its own registers and mask are in place */
	AT_TRAMPOLINE,		/* stopped behind the trampoline's system call */
	AT_PARASITE,
};

struct victim_site {
	uint64_t addr;			/* of the trampoline in the task */
	struct victim_thread *owner;	/* whose way home it holds; NULL: nobody's */
	uint8_t *before;		/* the bytes that were there */
};

struct victim_infection {
	uint64_t addr;
	size_t size;
	uint64_t entry;			/* blob_entry */
	uint64_t shared, args, stacks;	/* addresses in the task */
	size_t args_cap;
	uint32_t nr_lanes;
	int sock, task_fd;		/* our end; the number of the task's end */
	int copy_fd;			/* our end in the task, until the host has said a word */
	struct victim_thread *host;
	bool has_guests;
};

/* ---- wait.c ---- */

/* Take one signal from v->signals. 0: SIGCHLD; -EINTR: one that ends a wait, which is pending again. Logs nothing. */
int signals_next(int signals);
/*
 * Wait for a change of @t. 0 and a stop's status, -ESRCH when it has exited (now and from then on:
 * is_dead). Logs nothing. Not ended by a signal: what we wait for here takes no time of its own, and
 * half of a step could not be undone.
 */
int tracee_wait(struct victim_thread *t, int *ret_status);
/* The same, but -EINTR when v->signals says so. */
int tracee_await(const struct victim *v, struct victim_thread *t, int *ret_status);
bool tracee_is_event_stop(int status);
bool tracee_is_exit_stop(int status);
/*
 * Deal with a stop that is nobody's aim: let it pass with @request (PTRACE_CONT, PTRACE_SYSCALL).
 * Job control takes effect and shows at release. A fault of the code we run: -EFAULT, logged.
 */
int tracee_pass(struct victim_thread *t, int status, int request);
/* Stop the running or stopped @tid in the kernel's signal path: there system calls are restarted rightly. */
int tracee_interrupt(pid_t tid);
int tracee_settle(struct victim_thread *t);

/* ---- the others ---- */

/* Before it runs anything of ours: keep what it would lose by that. */
int thread_keep(struct victim *v, struct victim_thread *t);
/* Give the thread its own state back; it must be settled. */
int thread_home(struct victim *v, struct victim_thread *t);
int thread_set_mask(pid_t tid, uint64_t mask);
/* Let @t run up to the end of the system call it is aimed at. */
int thread_run_syscall(struct victim *v, struct victim_thread *t, long *ret);
/* From the trampoline back home. */
int thread_finish(struct victim *v, struct victim_thread *t);
/* A trampoline for @t at the site; finds the site first if need be. */
int site_take(struct victim *v, struct victim_thread *t);
/* Let the site know the parasite's mapping (0, 0: gone). */
int site_note(struct victim *v, uint64_t addr, uint64_t size);
/* Put back what was there. */
int site_leave(struct victim *v);

int victim_mem_fd(struct victim *v);
/* victim_write() of what will run. */
int victim_write_code(struct victim *v, uint64_t addr, const void *buf, size_t n);
/* -EPERM, logged: what we inject would not survive in this task. */
int victim_may_run(struct victim *v);
/* The trampoline's own system call, for a thread in state AT_TRAMPOLINE or AT_HOME. */
int remote_syscall(struct victim *v, struct victim_thread *t, uint64_t pc, long nr,
		   const uint64_t args[6], long *ret);
/* By message to the host. */
int inside_syscall(struct victim *v, long nr, const uint64_t args[6], long *ret);
/* A trampoline for guest @t inside the parasite's mapping. */
int inside_trampoline(struct victim *v, struct victim_thread *t, uint64_t *ret_pc);
