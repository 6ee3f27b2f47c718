/* SPDX-License-Identifier: GPL-2.0-only */
/* Terminals: what tty.c (descriptors, sessions) and tty_state.c (what the kernel keeps of one) share. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "proto/tty.pb-c.h"

struct arena;
struct dump;
struct dtty;
struct fd_info;
struct restore;
struct rtask;

/*
 * Read modes, window size, locks of the terminal @fd into @ti. A terminal that was hung up has none: 0, and ti->termios
 * stays NULL.
 */
int tty_state_get(struct arena *a, int fd, TtyInfoEntry *ti);
/* Set modes and window size. */
int tty_state_set(int fd, const TtyInfoEntry *ti);

/*
 * Set the modes of the terminal @fd, which is not of our making, and its size if it has none: a window's size is known by who shows it.
 * 0 also if @fd is no terminal.
 */
int tty_state_lend(int fd, const TtyInfoEntry *ti);

/* Does the message have what tty_state_set() reads? */
bool tty_state_ok(const TtyInfoEntry *ti);
