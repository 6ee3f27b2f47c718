/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The restorer: what a restored process does when criu's text, heap and libc must leave its
 * address space. It lives in one mapping, in a hole of both the old and the new address space:
 *
 *	base: the blob | struct restorer_args | threads, timers, signals, memory steps, ... | stacks | struct stages
 *
 * criu/task/restorer.c builds the mapping at its final address, so all pointers in it are plain;
 * criu/inside/restorer/ does what it says, in the order of criu/inside/restorer/main.c. All
 * decisions are made outside: here are no options and nothing is checked but results.
 * Freestanding; pointers are pointers of the task itself (native code in compat tasks, too).
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "criu/inside/restorer_mem.h"
#include "criu/inside/stages.h"

struct restorer_args;

/* A queued signal, 128 bytes as the kernel has them. */
struct restorer_siginfo {
	uint64_t raw[16];
};

struct restorer_sigaction {
	uint32_t sig;
	uint32_t compat; /* to be set by a 32-bit system call */
	uint64_t handler, flags, restorer, mask;
};

struct restorer_rlimit {
	uint32_t resource;
	uint64_t cur, max;
};

struct restorer_itimer {
	int which; /* ITIMER_REAL, ... */
	int64_t isec, iusec, vsec, vusec;
};

struct restorer_timer {
	int id;
	int clock;
	int notify, sig; /* sigevent */
	int tid;	 /* SIGEV_THREAD_ID */
	uint64_t value;
	int64_t isec, insec, vsec, vnsec;
};

/* What of the credentials differs from criu's own, and so has to be set. */
enum restorer_creds_what {
	RCREDS_GROUPS = 1 << 0,
	RCREDS_IDS = 1 << 1,
	RCREDS_BOUNDING = 1 << 2,
	RCREDS_AMBIENT = 1 << 3,
	RCREDS_SECUREBITS = 1 << 4,
	RCREDS_CAPS = 1 << 5,
	RCREDS_NO_NEW_PRIVS = 1 << 6,
};

struct restorer_creds {
	uint32_t what; /* enum restorer_creds_what */
	uint32_t uid, euid, suid, fsuid, gid, egid, sgid, fsgid;
	uint32_t securebits;
	uint64_t cap_inh, cap_prm, cap_eff, cap_bnd_drop, cap_amb;
	/* While the ids change: all that the host lets us have. */
	uint64_t cap_all;
	const uint32_t *groups;
	size_t n_groups;
};

/* struct sock_fprog and its flags; oldest first. */
struct restorer_filter {
	uint16_t len;
	uint32_t flags;
	const void *code;
};

struct restorer_thread {
	struct restorer_args *args;
	int tid;
	uint64_t stack, stack_size; /* the part of the mapping it runs on */

	char comm[16];
	bool has_comm;

	bool has_sched; /* differs from what a new thread here has */
	int sched_policy, sched_prio, sched_nice;

	bool has_sas;
	uint64_t sas_sp, sas_size;
	uint32_t sas_flags;

	uint64_t robust_list, robust_len;
	bool robust_compat; /* a list of 32-bit pointers */
	uint64_t clear_tid;
	uint64_t rseq, rseq_cs;
	uint32_t rseq_size, rseq_sig;

	uint32_t pdeath_sig;
	struct restorer_creds creds;

	uint32_t seccomp_mode; /* 0; SECCOMP_MODE_STRICT; SECCOMP_MODE_FILTER */
	const struct restorer_filter *filters;
	size_t n_filters;

	const struct restorer_siginfo *pending; /* its private queue */
	size_t n_pending;
};

struct restorer_args {
	uint64_t base, size;	/* the whole mapping */
	uint64_t heap, heap_end; /* restorer_alloc() */

	struct stages *stages; /* in the mapping; shared with everybody */
	int pid, ppid;
	bool by_last_pid; /* give pids by writing ns_last_pid_fd */
	int ns_last_pid_fd;
	int close_from; /* criu's descriptors start here; -1: they are not ours to close */

	struct restorer_mem mem;

	struct restorer_thread *threads; /* [0] is the leader */
	size_t n_threads;
	uint32_t threads_left;	/* futex: threads that are not yet done */
	const struct restorer_sigaction *sigactions; /* those that differ from the current ones; SIGCHLD last */
	size_t n_sigactions;
	const struct restorer_rlimit *rlimits;
	size_t n_rlimits;
	struct restorer_itimer itimers[3]; /* which < 0: none */
	const struct restorer_timer *timers;
	size_t n_timers;
	bool timers_by_id; /* PR_TIMER_CREATE_RESTORE_IDS */
	const struct restorer_siginfo *pending; /* the queue of the process */
	size_t n_pending;

	uint32_t membarrier;	/* MEMBARRIER_CMD_REGISTER_... bits */
	uint32_t child_subreaper, has_child_subreaper; /* has_...: to be set */
	uint32_t dumpable;
	uint32_t personality, has_personality; /* has_...: to be set */
};

/*
 * @size zeroed bytes, aligned for any type, in the restorer's mapping, at their final address.
 * NULL when the mapping is full, which is a bug in its size: see restorer_mapping_size().
 */
static inline void *restorer_alloc(struct restorer_args *a, size_t size)
{
	uint64_t p = (a->heap + 15) & ~15ull;

	if (p > a->heap_end || size > a->heap_end - p)
		return NULL;
	a->heap = p + size;
	return (void *)(uintptr_t)p;
}
