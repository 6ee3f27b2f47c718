// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "memory that mremap() moved keeps its bytes, also where one moved part of a mapping shared with a child");

static char *p, *q;

static void kid(void *arg)
{
	checkpoint_and_restore();
	ok_pattern(p, 4 * page_size(), 3);
}

void test(void)
{
	size_t page = page_size();
	unsigned char vec;
	pid_t pid;

	p = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	q = ok_map(mmap(NULL, 4 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	pattern(p, 4 * page, 3);
	pid = child(kid, NULL);
	ok_map(mremap(p, 4 * page, 4 * page, MREMAP_MAYMOVE | MREMAP_FIXED, q));
	checkpoint_and_restore();
	ok_pattern(q, 4 * page, 3);
	ok_errno(mincore(p, page, &vec), ENOMEM);
	child_ok(pid);
}
