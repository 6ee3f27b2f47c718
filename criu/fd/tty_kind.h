/* SPDX-License-Identifier: GPL-2.0-only */
/* The kind tty is in two files: tty.c dumps, tty_restore.c restores and has the table. */
#pragma once

#include "criu/fd/kind.h"

/* Device numbers. */
#define PTS_MAJOR  136 /* and the seven above */
#define AUX_MAJOR  5
#define CTTY_MINOR 0
#define PTMX_MINOR 2

/* Indices of the images: pseudo terminals have their own up to here. */
#define PTY_INDEX_MAX 1000
#define CTTY_INDEX    1006u
#define EXT_INDEX     1012u

bool tty_is(const struct dump *d, const struct fd_info *fi);
int tty_dump(struct dump *d, const struct fd_info *fi, FileEntry *out);
int tty_check(struct dump *d);
int tty_write(struct dump *d);
