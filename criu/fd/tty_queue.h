/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes on their way through a pseudo terminal: written at one side, not yet read at the other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Longest queue that an image has. The kernel keeps up to 22 KiB: a longer one is put back and refused (-EMSGSIZE). */
#define TTY_DATA_MAX 16384

/* One direction of one terminal. */
struct tty_queue {
	int from, to;  /* who reads it, who has written it; both open for reading and writing */
	bool of_master; /* @from is the master */

	/* What tty_queues_save() tells. */
	uint8_t *data;
	size_t n;
	bool is_stopped; /* by ^S or TCOOFF: @to cannot write */
	int r;
};

/*
 * Copy the bytes that wait in each of @n queues. There is no look at them that leaves them there, so they are taken out
 * and put back, by a process of its own: neither its end nor ours alone loses them. Less than 0: q->r tells whose.
 */
int tty_queues_save(struct arena *a, struct tty_queue *q, size_t n);

/* Let @data wait in @q, a new and empty one. */
int tty_queue_fill(const struct tty_queue *q, const uint8_t *data, size_t n);
