// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "200 pipes, each with its own bytes");

enum { N = 200 };

void test(void)
{
	int p[N][2];
	char buf[100];

	for (int i = 0; i < N; i++) {
		ok_sys(pipe(p[i]));
		pattern(buf, sizeof(buf), i);
		ok_eq(write(p[i][1], buf, i % 100), i % 100);
	}
	checkpoint_and_restore();
	for (int i = 0; i < N; i++)
		if (i % 100) {
			ok_eq(read(p[i][0], buf, 100), i % 100);
			ok_pattern(buf, i % 100, i);
		}
}
