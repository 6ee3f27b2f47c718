// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <setjmp.h>

TEST(.does = "guard pages of parent and child, inherited and own");

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

static sigjmp_buf back;
static char *p;

static void on_segv(int sig)
{
	siglongjmp(back, 1);
}

static bool faults(volatile char *at)
{
	if (sigsetjmp(back, 1))
		return true;
	*at = 1;
	return false;
}

static void kid(void *arg)
{
	ok_zero(madvise(p + 2 * page_size(), page_size(), MADV_GUARD_INSTALL));
	checkpoint_and_restore();
	ok(!faults(p));
	ok(faults(p + page_size()));
	ok(faults(p + 2 * page_size()));
}

void test(void)
{
	pid_t pid;

	p = ok_map(mmap(NULL, 4 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	if (madvise(p + page_size(), page_size(), MADV_GUARD_INSTALL) < 0)
		skip("MADV_GUARD_INSTALL: %s", strerror(errno));
	signal(SIGSEGV, on_segv);
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok(faults(p + page_size()));
	ok(!faults(p + 2 * page_size()));
	child_ok(pid);
}
