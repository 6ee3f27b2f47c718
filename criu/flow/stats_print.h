/* SPDX-License-Identifier: GPL-2.0-only */
/* --display-stats: what stats-dump or stats-restore holds, for people. */
#pragma once

#include <stdio.h>

#include "proto/stats.pb-c.h"

/* A heading and one line a value; the part of @e that is there. */
void stats_print(FILE *to, const StatsEntry *e);
