/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A dump that is asked to stop: SIGINT, SIGTERM, SIGHUP from outside, or SIGALRM of the time limit for freezing a tree.
 *
 * They are blocked, and stay pending once they came: no handler, nothing to note, and no moment at which one goes
 * unnoticed. Whoever waits waits for them, too (victim_seize() gets the descriptor); everyone who
 * starts something long asks interrupt_pending() first. The way out is that of any other error.
 */
#pragma once

#include <signal.h>

struct interrupt {
	sigset_t stop; /* those that ask; not who was ignored or blocked when we were started */
	sigset_t old;  /* the mask before */
	int fd;	       /* a signalfd for them, and for SIGCHLD */
};

/* Take over the signals. 0 or -errno, silently. */
int interrupt_begin(struct interrupt *in);
/* Back to the old mask; one that is pending is forgotten. */
void interrupt_end(struct interrupt *in);

/* From now on there are @seconds left (0: no limit). */
void interrupt_limit(unsigned int seconds);
/* The limit is off, and forgotten if it was over. */
void interrupt_unlimit(void);

/* 0, -EINTR when somebody asked us to stop, -ETIME when the limit is over. Logs nothing. */
int interrupt_pending(const struct interrupt *in);
