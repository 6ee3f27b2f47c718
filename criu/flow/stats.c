/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/stats.h"

#include <stdio.h>
#include <time.h>

#include "criu/flow/stats_print.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"
#include "criu/task/restore.h"
#include "proto/stats.pb-c.h"

uint64_t stats_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

int stats_write_dump(struct dump *d)
{
	StatsEntry m = STATS_ENTRY__INIT;
	DumpStatsEntry e = DUMP_STATS_ENTRY__INIT;
	int r = fault_at(FAULT_DUMP_STATS);

	if (r < 0)
		return r;

	e.freezing_time = (uint32_t)d->stats.freezing_us;
	e.frozen_time = (uint32_t)d->stats.frozen_us;
	e.memdump_time = (uint32_t)d->stats.memdump_us;
	e.memwrite_time = (uint32_t)d->stats.memwrite_us;
	e.pages_scanned = d->stats.pages_scanned;
	e.pages_skipped_parent = d->stats.pages_skipped_parent;
	e.pages_written = d->stats.pages_written;
	e.pages_lazy = d->stats.pages_lazy;
	/* Pages do not go through pipes here; readers of the image expect the fields. */
	e.has_irmap_resolve = e.has_page_pipes = e.has_page_pipe_bufs = true;
	e.has_shpages_scanned = e.has_shpages_skipped_parent = e.has_shpages_written = true;
	e.shpages_scanned = d->stats.shpages_scanned;
	e.shpages_skipped_parent = d->stats.shpages_skipped_parent;
	e.shpages_written = d->stats.shpages_written;
	m.dump = &e;

	if (d->opt->display_stats)
		stats_print(stdout, &m);
	return image_write_one(d->images, IMG_STATS_DUMP, 0, &m.base);
}

int stats_write_restore(struct restore *rs)
{
	StatsEntry m = STATS_ENTRY__INIT;
	RestoreStatsEntry e = RESTORE_STATS_ENTRY__INIT;
	int r;

	e.pages_compared = rs->stats->pages_compared;
	e.pages_skipped_cow = rs->stats->pages_skipped_cow;
	e.has_pages_restored = true;
	e.pages_restored = rs->stats->pages_restored;
	e.forking_time = (uint32_t)rs->stats->forking_us;
	e.restore_time = (uint32_t)rs->stats->restore_us;
	m.restore = &e;
	r = image_write_one(rs->images, IMG_STATS_RESTORE, 0, &m.base);
	if (!r && rs->opt->display_stats)
		stats_print(stdout, &m);
	return r;
}
