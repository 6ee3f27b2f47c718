/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a process and its threads: what tree_check() asks of each before anything is
 * created, and what each adds to the restorer's arguments. The checks refuse what is damaged
 * or cannot be given back here; the others return 0 or -ENOMEM, silently.
 */
#pragma once

#include <stddef.h>

struct restore;
struct restorer_args;
struct restorer_thread;
struct rtask;
struct rthread;

/* Dispositions, queues, alternate stacks, the stop signal. (signals_restore.c) */
int signals_check(const struct restore *rs, const struct rtask *rt);
int signals_args(struct restore *rs, const struct rtask *rt, struct restorer_args *a);
size_t signals_args_size(const struct rtask *rt);

/* Interval and POSIX timers. (timers_restore.c) */
int timers_check(const struct restore *rs, const struct rtask *rt);
int timers_args(struct restore *rs, const struct rtask *rt, struct restorer_args *a);
size_t timers_args_size(const struct rtask *rt);

/* User and group ids, capabilities, securebits, of one thread. (creds_restore.c) */
int creds_read_now(struct restore *rs);
int creds_check(const struct restore *rs, const struct rtask *rt, const struct rthread *th);
int creds_args(struct restore *rs, const struct rthread *th, struct restorer_args *a, struct restorer_thread *at);
size_t creds_args_size(const struct rthread *th);

/* seccomp.img and each thread's place in it. (seccomp_restore.c) */
int seccomp_read(struct restore *rs);
int seccomp_check(struct restore *rs, const struct rtask *rt, const struct rthread *th);
int seccomp_args(struct restore *rs, const struct rthread *th, struct restorer_args *a, struct restorer_thread *at);
size_t seccomp_args_size(const struct restore *rs, const struct rthread *th);

/* Limits, scheduling, names, rseq and the other words of the kernel about a thread. (limits_restore.c) */
int limits_check(const struct restore *rs, const struct rtask *rt);
int limits_args(struct restore *rs, const struct rtask *rt, struct restorer_args *a);
size_t limits_args_size(const struct rtask *rt);
int sched_check(const struct rtask *rt, const struct rthread *th);
void sched_args(const struct rthread *th, struct restorer_thread *at);
/* In the task itself, before it forks: what children inherit and only /proc can set. */
int limits_restore_proc(struct restore *rs, const struct rtask *rt);
