// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a child that has its memory wiped, and its parent that has not (MADV_WIPEONFORK), keep it so");

static char *p;

static void kid(void *arg)
{
	ok_eq(p[0], 0);
	p[5] = 'k';
	checkpoint_and_restore();
	ok_eq(p[0], 0);
	ok_eq(p[5], 'k');
}

void test(void)
{
	pid_t pid;

	p = ok_map(mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	ok_zero(madvise(p, page_size(), MADV_WIPEONFORK));
	p[0] = 'p';
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_eq(p[0], 'p');
	ok_eq(p[5], 0);
	child_ok(pid);
}
