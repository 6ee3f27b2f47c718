/* SPDX-License-Identifier: GPL-2.0-only */
/* Opening what a REG entry says, for the kinds that lean on one (fifos, ttys) and for mappings. */
#pragma once

#include <stdint.h>

struct restore;
struct rfile;

/*
 * Open the file of REG entry @rf with @flags in place of its own, after checking that it is the file
 * which was dumped. Not positioned. The descriptor or -errno (logged).
 */
int reg_open(struct restore *rs, struct rfile *rf, int flags);
/* The same for a FIFO that is held open at both ends, so that no open() of it waits. */
int reg_open_held(struct restore *rs, struct rfile *rf, int flags);
