// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "200 MiB of private anonymous memory, some full, some sparse");

void test(void)
{
	size_t size = 200 << 20, step = 64 << 10;
	char *p = ok_map(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));

	memset(p, 0x5a, 20 << 20);
	for (size_t at = 20 << 20; at < size; at += step)
		*(uint64_t *)(p + at) = at * 3 + 1;
	checkpoint_and_restore();
	for (size_t at = 0; at < 20 << 20; at++)
		if (p[at] != 0x5a)
			fail("byte %zu is %#x", at, p[at]);
	for (size_t at = 20 << 20; at < size; at += step) {
		ok_eq(*(uint64_t *)(p + at), at * 3 + 1);
		ok_eq(*(uint64_t *)(p + at + step - 8), 0);
	}
}
