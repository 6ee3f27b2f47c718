/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Being asked to stop: SIGINT, SIGTERM, SIGHUP from outside, or the time limit for freezing a tree.
 *
 * The handlers only take a note. A wait in progress ends with EINTR, and everyone who starts
 * something long asks interrupt_pending() first; the way out is that of any other error.
 */
#pragma once

/* Take over the signals. They stay ours until the process ends or interrupt_end(). */
int interrupt_begin(void);
void interrupt_end(void);

/* From now on there are @seconds left (0: no limit). */
int interrupt_limit(unsigned int seconds);
/* The limit is off; a note of an earlier one is forgotten. */
void interrupt_unlimit(void);

/* 0, -EINTR when somebody asked us to stop, -ETIME when the limit is over. Logs nothing. */
int interrupt_pending(void);
