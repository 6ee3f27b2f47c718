// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <grp.h>

TEST(.does = "700 supplementary groups", .as = ROOT);

enum { N = 700 };

void test(void)
{
	gid_t set[N], got[N];

	for (int i = 0; i < N; i++)
		set[i] = 1000 + i * 3;
	ok_sys(setgroups(N, set));
	checkpoint_and_restore();
	ok_eq(getgroups(N, got), N);
	ok_mem(got, set, sizeof(set));
}
