/* SPDX-License-Identifier: GPL-2.0-only */
/* Terminals at restore: what tty_read.c learns from the images, and tty_restore.c makes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "criu/fd/rfiles.h"
#include "criu/fd/tty_kind.h"
#include "criu/task/restore.h"
#include "proto/tty.pb-c.h"

struct rtty;

/* A pseudo terminal: its two sides. */
struct rpty {
	uint32_t index;
	struct rtty *master, *slave; /* NULL: in no image */
	struct rfile *lead;
	struct rfile *slave_file;    /* the first of the slave */
	struct rfile *master_file;
	int fd;			     /* the master, in the coordinator and all tasks, above all numbers; -1 */
};

/* One side, or another terminal. */
struct rtty {
	struct rtty *next; /* in rttys.others */
	const TtyInfoEntry *ti;
	const TtyDataEntry *td; /* waits to be read from it; NULL */
	struct rpty *pty;	/* NULL: no pseudo terminal */
	bool is_used;		/* some descriptor has it */
};

struct rttys {
	struct rtty *others;			    /* no pseudo terminals */
	struct rpty *ptys[PTY_INDEX_MAX + 1]; /* by number; NULL: in no image */
	int own; /* our terminal, for --shell-job; -1 */
	bool needs_own;
};

static inline struct rttys *rttys_of(const struct restore *rs)
{
	return rs->files->state[FD_KIND_tty];
}

/* Somebody's terminal: named by --external, or a slave that was not hung up and whose master is not in the images. */
static inline bool rtty_is_outside(const struct rtty *tt)
{
	return tt->ti->type == TTY_TYPE__EXT_TTY || (tt->pty && !tt->pty->master && tt->ti->termios);
}

int tty_read(struct restore *rs);
int tty_collect(struct restore *rs, struct rfile *rf);
