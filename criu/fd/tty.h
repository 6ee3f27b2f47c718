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

/* Longest queue that an image has. */
#define TTY_DATA_MAX 16384

/*
 * Read modes, window size, locks of the terminal @fd into @ti. A terminal that was hung up has none: 0, and ti->termios
 * stays NULL.
 */
int tty_state_get(struct arena *a, int fd, TtyInfoEntry *ti);
/* Set modes and window size. */
int tty_state_set(int fd, const TtyInfoEntry *ti);

/*
 * The bytes that wait to be read from @from, which come from @to: taken out and put back. No way to look at them without
 * that is known; it takes some system calls while the tree is frozen. @is_master: @from is the master.
 * Put back also when it fails half way. *ret_data is in @a.
 */
int tty_queue_get(struct arena *a, int from, int to, bool is_master, uint8_t **ret_data, size_t *ret_n);
/* Let @data wait at the other side of @to. @is_master: the reader is the master. */
int tty_queue_set(int to, bool is_master, const uint8_t *data, size_t n);

/* Does the message have what tty_state_set() reads? */
bool tty_state_ok(const TtyInfoEntry *ti);
