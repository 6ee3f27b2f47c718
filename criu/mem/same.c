// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pages a task has in common with the one it is forked from. Small ones are compared here, image with image, before
 * anything is created: in the task itself each page looked at, and each buffer, is one more page fault, and
 * in a tree of a thousand small processes these are what a restore consists of. Large ones compare for
 * themselves (fill.c), each on a processor of its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "criu/mem/mem.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"

#define SAME_PAGES (SAME_WORDS * 64)

/* Two pages, one of each. */
struct compare {
	uint64_t page;
	char *theirs, *own;
};

const struct rtask_mem *born_with(const struct rtask *rt)
{
	for (const struct rtask *p = rt->parent; p; p = p->parent)
		if (p->mem)
			return p->mem;
	return NULL;
}

static uint64_t n_pages(const struct rtask_mem *m, uint64_t page)
{
	size_t n, i;
	const struct pages_run *runs = pages_runs(m->pages, &n);
	uint64_t bytes = 0;

	for (i = 0; i < n; i++)
		bytes += runs[i].end - runs[i].start;
	return bytes / page;
}

/* [start, end) is one run of @m; its first page has number @index. */
static int compare_run(struct compare *c, struct rtask_mem *m, const struct rtask_mem *from, const struct pages_run *run, size_t index)
{
	for (uint64_t at = run->start; at < run->end; at += c->page, index++) {
		int r = pages_read(from->pages, at, c->theirs, c->page);

		if (r > 0)
			r = pages_read(m->pages, at, c->own, c->page);
		if (r < 0)
			return r;
		if (r > 0 && !memcmp(c->theirs, c->own, c->page))
			m->same[index / 64] |= 1ull << index % 64;
	}
	return 0;
}

static int compare_task(struct compare *c, struct rtask_mem *m, const struct rtask_mem *from)
{
	size_t n, i, index = 0;
	const struct pages_run *runs = pages_runs(m->pages, &n);
	int r = 0;

	for (i = 0; i < n && r == 0; i++) {
		r = compare_run(c, m, from, &runs[i], index);
		index += (runs[i].end - runs[i].start) / c->page;
	}
	pages_shut(m->pages);
	pages_shut(from->pages);
	m->is_compared = r == 0;
	return r;
}

int mem_restore_compare(struct restore *rs)
{
	autofree char *buf = NULL;
	struct compare c;
	size_t i;
	int r = 0;

	if (!rs->mem)
		return 0;
	c.page = rs->mem->page;
	buf = malloc(2 * c.page);
	if (!buf)
		return -ENOMEM;
	c.theirs = buf;
	c.own = buf + c.page;
	restore_for_each_task (i, rs) {
		struct rtask_mem *m = rs->tasks[i]->mem;
		const struct rtask_mem *from = born_with(rs->tasks[i]);

		if (r == 0 && m && from && n_pages(m, c.page) <= SAME_PAGES)
			r = compare_task(&c, m, from);
	}
	return r;
}

size_t same_until(const struct rtask_mem *m, uint64_t page, uint64_t at, uint64_t end, bool *ret_same)
{
	size_t n, i, index = 0, count = 0;
	const struct pages_run *runs = pages_runs(m->pages, &n);

	for (i = 0; i < n && runs[i].end <= at; i++)
		index += (runs[i].end - runs[i].start) / page;
	index += (at - runs[i].start) / page;
	*ret_same = m->same[index / 64] >> index % 64 & 1;
	for (; at < end && *ret_same == (m->same[index / 64] >> index % 64 & 1); at += page, index++)
		count++;
	return count;
}
