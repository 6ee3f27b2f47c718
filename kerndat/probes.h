/* SPDX-License-Identifier: LGPL-2.1-only */
/* Every probe that a row of features.h names; the file says what it asks about. */
#pragma once

#include "kerndat/probe.h"

/* generic.c: one probe for many rows */
PROBE(probe_all_of);	/* path: names of rows that must all be there */

/* task.c */
PROBE(probe_clone3_set_tid);
PROBE(probe_ns_last_pid);
PROBE(probe_pidfd_open);
PROBE(probe_pidfd_getfd);
PROBE(probe_kcmp);	/* arg: KCMP_… */

/* mem.c */
PROBE(probe_map_files);
PROBE(probe_soft_dirty);
PROBE(probe_pagemap_scan);
PROBE(probe_pagemap_guard);
