// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <setjmp.h>

TEST(.does = "every protection, none to all; contents under PROT_NONE are kept");

static sigjmp_buf back;

static void on_segv(int sig)
{
	siglongjmp(back, 1);
}

static bool can_write(volatile char *p)
{
	if (sigsetjmp(back, 1))
		return false;
	*p = *p;
	return true;
}

static bool can_read(volatile char *p)
{
	if (sigsetjmp(back, 1))
		return false;
	(void)*p;
	return true;
}

void test(void)
{
	size_t page = page_size();
	char *p[8];

	signal(SIGSEGV, on_segv);
	for (int prot = 0; prot < 8; prot++) {
		p[prot] = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
		pattern(p[prot], 2 * page, prot);
		ok_zero(mprotect(p[prot], 4 * page, prot));
	}
	checkpoint_and_restore();
	for (int prot = 0; prot < 8; prot++) {
		ok_eq(smaps_flag(p[prot], "rd"), !!(prot & PROT_READ));
		ok_eq(smaps_flag(p[prot], "wr"), !!(prot & PROT_WRITE));
		ok_eq(smaps_flag(p[prot], "ex"), !!(prot & PROT_EXEC));
		if (prot == PROT_NONE) {
			ok(!can_read(p[prot]));
			ok(!can_write(p[prot]));
		}
		if (prot == PROT_READ)
			ok(!can_write(p[prot]));
		ok_zero(mprotect(p[prot], 4 * page, PROT_READ));
		ok_pattern(p[prot], 2 * page, prot);
		ok_eq(p[prot][3 * page], 0);
	}
}
