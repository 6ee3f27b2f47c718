// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/resource.h>

TEST(.does = "30,000 mappings, every second with contents", .seconds = 120);

enum { N = 15000 };

void test(void)
{
	size_t page = page_size();
	char *p = ok_map(mmap(NULL, 2 * N * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));

	madvise(p, 2 * N * page, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < N; i++) {
		*(size_t *)(p + 2 * i * page) = i;
		ok_zero(mprotect(p + (2 * i + 1) * page, page, PROT_READ));
	}
	checkpoint_and_restore();
	for (size_t i = 0; i < N; i++) {
		ok_eq(*(size_t *)(p + 2 * i * page), i);
		ok_eq(p[(2 * i + 1) * page], 0);
	}
}
