// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/resource.h>

TEST(.does = "a stack that is megabytes deep, and goes on to grow");

static int deeper(int n)
{
	char frame[10000];
	int r;

	pattern(frame, sizeof(frame), n);
	if (n == 300)
		checkpoint_and_restore();
	r = n < 600 ? deeper(n + 1) : n;
	ok_pattern(frame, sizeof(frame), n);
	return r;
}

void test(void)
{
	ok_eq(deeper(0), 600);
}
