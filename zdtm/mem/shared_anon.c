// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "shared anonymous memory stays shared between relatives, with its contents");

enum { SIZE = 1 << 20 };

static char *area;

static void kid(void *arg)
{
	checkpoint_and_restore();
	ok_pattern(area, SIZE / 2, 4);
	area[SIZE - 1] = 'k';
}

void test(void)
{
	pid_t a, b;

	area = ok_map(mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	pattern(area, SIZE / 2, 4);
	a = child(kid, NULL);
	b = child(kid, NULL);
	checkpoint_and_restore();
	ok_eq(area[SIZE - 1], 0);
	child_ok(a);
	ok_eq(area[SIZE - 1], 'k');
	area[SIZE - 1] = 0;
	child_ok(b);
	ok_eq(area[SIZE - 1], 'k');
	ok_pattern(area, SIZE / 2, 4);
}
