/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of the restorer; main.c puts them in order. Each returns 0, or -errno with the error
 * told (restorer_fail()).
 */
#pragma once

#include "criu/inside/restorer.h"

/* Tell the coordinator "pid TID: cannot WHAT: ERRNO", first error only. Returns @r. */
int restorer_fail(const struct restorer_thread *t, long r, const char *what);

/* process.c */
int process_register_membarrier(struct restorer_args *a);
int process_set_subreaper(struct restorer_args *a);
int process_set_rlimits(struct restorer_args *a);
int process_set_dumpable(struct restorer_args *a);
int process_set_personality(struct restorer_args *a);
void process_close_files(struct restorer_args *a);

/* signals.c */
int signals_set_actions(struct restorer_args *a);
int signals_queue_shared(struct restorer_args *a);
int signals_queue_private(struct restorer_thread *t);

/* timers.c */
int timers_create(struct restorer_args *a);
int timers_arm(struct restorer_args *a);

/* threads.c */
int threads_create(struct restorer_args *a, void (*run)(void *));
/* What a thread sets about itself before its credentials. */
int thread_set_words(struct restorer_thread *t);
int thread_set_pdeath(struct restorer_thread *t);

/* creds.c, seccomp.c */
int creds_set(struct restorer_thread *t);
int seccomp_set(struct restorer_thread *t);
