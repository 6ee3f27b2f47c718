// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "what madvise() said stays said: no fork, no dump, wipe on fork, huge pages or not, merge, order");

static const struct {
	int advice;
	const char *flag;
} list[] = {
	{ MADV_DONTFORK, "dc" }, { MADV_DONTDUMP, "dd" }, { MADV_WIPEONFORK, "wf" }, { MADV_HUGEPAGE, "hg" },
	{ MADV_NOHUGEPAGE, "nh" }, { MADV_MERGEABLE, "mg" }, { MADV_RANDOM, "rr" }, { MADV_SEQUENTIAL, "sr" },
};

enum { N = sizeof(list) / sizeof(*list) };

void test(void)
{
	size_t page = page_size();
	char *p[N];
	bool can[N];

	for (int i = 0; i < N; i++) {
		p[i] = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		p[i][page] = 'a' + i;
		/* Huge pages and merging are options of the kernel. */
		can[i] = !madvise(p[i], 4 * page, list[i].advice);
		if (!can[i])
			ok_eq(errno, EINVAL);
	}
	checkpoint_and_restore();
	for (int i = 0; i < N; i++) {
		ok_eq(p[i][page], 'a' + i);
		if (can[i] && !smaps_flag(p[i], list[i].flag))
			fail("the flag %s is lost", list[i].flag);
	}
}
