/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run did and how long it took: the statistics images. */
#pragma once

#include <stdint.h>

struct dump;
struct restore;

/* Microseconds of a clock that never goes back. */
uint64_t stats_now(void);

/* stats-dump in the working directory; printed too with --display-stats. */
int stats_write_dump(struct dump *d);

/* The same of a restore, stats-restore. */
int stats_write_restore(struct restore *rs);
