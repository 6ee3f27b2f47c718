// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <setjmp.h>

TEST(.does = "guard pages inside a mapping (MADV_GUARD_INSTALL) stay guards");

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif

static sigjmp_buf back;

static void on_segv(int sig)
{
	siglongjmp(back, 1);
}

static bool faults(volatile char *p)
{
	if (sigsetjmp(back, 1))
		return true;
	*p = 1;
	return false;
}

void test(void)
{
	size_t page = page_size();
	char *p = ok_map(mmap(NULL, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	pattern(p, 16 * page, 4);
	if (madvise(p + 3 * page, 2 * page, MADV_GUARD_INSTALL) < 0)
		skip("MADV_GUARD_INSTALL: %s", strerror(errno));
	ok_zero(madvise(p + 15 * page, page, MADV_GUARD_INSTALL));
	signal(SIGSEGV, on_segv);
	checkpoint_and_restore();
	for (int i = 0; i < 16; i++)
		ok_eq(faults(p + i * page), i == 3 || i == 4 || i == 15);
	ok_zero(madvise(p + 3 * page, page, MADV_GUARD_REMOVE));
	ok(!faults(p + 3 * page));
	ok_mem(p + 5 * page + 1, ({ char *b = malloc(16 * page); pattern(b, 16 * page, 4); b + 5 * page + 1; }), page - 1);
}
