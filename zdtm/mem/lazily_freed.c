// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "memory given back by MADV_FREE holds its old bytes or zeros, nothing else; rewritten pages hold the new ones");

void test(void)
{
	size_t page = page_size();
	char *p = ok_map(mmap(NULL, 32 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	pattern(p, 32 * page, 6);
	if (madvise(p, 32 * page, MADV_FREE) < 0)
		skip("MADV_FREE: %s", strerror(errno));
	for (int i = 0; i < 32; i += 4)
		memset(p + i * page, 'n', page);
	char *old = malloc(32 * page);
	pattern(old, 32 * page, 6);
	checkpoint_and_restore();
	for (int i = 0; i < 32; i++)
		if (i % 4 == 0) {
			ok_eq(p[i * page], 'n');
			ok_eq(p[(i + 1) * page - 1], 'n');
		} else if (p[i * page]) {
			ok_mem(p + i * page, old + i * page, page);
		} else {
			for (size_t k = 0; k < page; k++)
				ok_eq(p[i * page + k], 0);
		}
}
