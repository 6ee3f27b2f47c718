/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/stats_print.h"

#include <inttypes.h>

static void put_time(FILE *to, const char *label, uint32_t us)
{
	fprintf(to, "%s: %" PRIu32 " us\n", label, us);
}

static void put_count(FILE *to, const char *label, uint64_t n)
{
	fprintf(to, "%s: %" PRIu64 " (0x%" PRIX64 ")\n", label, n, n);
}

static void put_dump(FILE *to, const DumpStatsEntry *d)
{
	fprintf(to, "Displaying dump stats:\n");
	put_time(to, "Freezing time", d->freezing_time);
	put_time(to, "Frozen time", d->frozen_time);
	put_time(to, "Memory dump time", d->memdump_time);
	put_time(to, "Memory write time", d->memwrite_time);
	if (d->has_irmap_resolve)
		put_time(to, "Watch resolve time", d->irmap_resolve);
	put_count(to, "Memory pages scanned", d->pages_scanned);
	put_count(to, "Memory pages skipped from parent", d->pages_skipped_parent);
	put_count(to, "Memory pages written", d->pages_written);
	put_count(to, "Lazy memory pages", d->pages_lazy);
	if (d->has_page_pipes)
		put_count(to, "Page pipes", d->page_pipes);
	if (d->has_page_pipe_bufs)
		put_count(to, "Page pipe buffers", d->page_pipe_bufs);
	if (d->has_shpages_scanned)
		put_count(to, "Shared memory pages scanned", d->shpages_scanned);
	if (d->has_shpages_skipped_parent)
		put_count(to, "Shared memory pages skipped from parent", d->shpages_skipped_parent);
	if (d->has_shpages_written)
		put_count(to, "Shared memory pages written", d->shpages_written);
}

static void put_restore(FILE *to, const RestoreStatsEntry *r)
{
	fprintf(to, "Displaying restore stats:\n");
	put_count(to, "Pages compared", r->pages_compared);
	put_count(to, "Pages skipped COW", r->pages_skipped_cow);
	if (r->has_pages_restored)
		put_count(to, "Pages restored", r->pages_restored);
	put_time(to, "Restore time", r->restore_time);
	put_time(to, "Forking time", r->forking_time);
}

void stats_print(FILE *to, const StatsEntry *e)
{
	if (e->dump)
		put_dump(to, e->dump);
	if (e->restore)
		put_restore(to, e->restore);
	fflush(to);
}
