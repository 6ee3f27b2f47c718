/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a dump reads about a frozen task: from outside (/proc, ptrace, system calls by pid), then
 * from inside (one parasite a task). Each part has a file of its own; core.c makes the core
 * images of it.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/proc.h"
#include "criu/inside/parasite.h"

struct arena;
struct dump;
struct task;
struct victim_thread;
struct CoreEntry;
struct CredsEntry;
struct TaskCoreEntry;
struct TaskTimersEntry;
struct ThreadCoreEntry;

struct posix_timer_look {
	int32_t id, clock;
	uint32_t signo, notify;		/* SIGEV_... */
	uint64_t value;			/* sigev_value */
	pid_t target;			/* SIGEV_THREAD_ID: the thread, as criu sees it */
};

struct thread_look {
	const struct victim_thread *thread;
	pid_t tid, vtid;
	bool is_dead;			/* the leader, exited while others go on */

	struct proc_status status;
	struct {
		uint32_t policy;	/* with SCHED_RESET_ON_FORK in its image form */
		uint32_t prio;
		int32_t nice;
	} sched;
	uint64_t robust_list;
	uint32_t robust_list_size;	/* of the head; 0: none */
	const char *lsm_profile, *lsm_sockcreate;
	uint32_t cg_set;

	siginfo_t *pending;
	size_t n_pending;

	uint32_t seccomp_mode;		/* as in the image; SECCOMP_MODE_... */
	uint32_t seccomp_filter;	/* mode 2: index in seccomp.img */

	struct parasite_thread inside;
};

struct task_look {
	uint32_t personality;
	bool has_loginuid, has_oom_score_adj;
	uint32_t loginuid;
	int32_t oom_score_adj;
	struct rlimit64 limits[16];

	struct posix_timer_look *timers;
	size_t n_timers;
	struct parasite_timers *timers_inside; /* in the order of @timers */

	siginfo_t *pending;		/* shared by the threads */
	size_t n_pending;

	struct parasite_task inside;

	struct thread_look *threads;	/* in the order of victim->threads: the leader first */
	size_t n_threads;
};

/* --- the whole ------------------------------------------------------------------------------- */

/* From outside; refuses what cannot be saved. Fills vpid, vpgid, vsid and t->look; zombies too. */
int look_outside(struct dump *d, struct task *t);
/* From inside: the parasite comes, tells, and goes. */
int look_inside(struct dump *d, struct task *t);

/* core-PID.img of every thread. */
int core_write(struct dump *d, struct task *t);
/* pstree.img of all. */
int pstree_write(struct dump *d);
/* Sessions and groups that reach out of the tree; refuses those that cannot come back. */
int pstree_check(struct dump *d);

/* --- the parts ------------------------------------------------------------------------------- */

int rlimits_look(struct dump *d, struct task *t);
int rlimits_to_image(struct arena *a, const struct task_look *l, struct TaskCoreEntry *tc);

int timers_look(struct dump *d, struct task *t);
int timers_look_inside(struct dump *d, struct task *t);
int timers_to_image(struct arena *a, const struct task_look *l, struct TaskCoreEntry *tc);

int sched_look(struct dump *d, struct task *t, struct thread_look *th);
void sched_to_image(const struct thread_look *th, struct ThreadCoreEntry *tc);

int signals_look(struct dump *d, struct task *t);
/* Pending signals of all threads and the actions. */
int signals_to_image(struct arena *a, const struct task *t, struct TaskCoreEntry *tc);
/* Pending signals and mask of one. */
int signals_thread_to_image(struct arena *a, const struct thread_look *th, struct ThreadCoreEntry *tc);

int creds_look(struct dump *d, struct task *t, struct thread_look *th);
int creds_to_image(struct arena *a, const struct thread_look *th, struct ThreadCoreEntry *tc);

/* Numbers the filters of all threads of @t; d->seccomp. */
int seccomp_look(struct dump *d, struct task *t);
void seccomp_to_image(const struct thread_look *th, struct ThreadCoreEntry *tc);
/* seccomp.img */
int seccomp_write(struct dump *d);
