// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "20,000 mappings with gaps between them", .seconds = 120);

enum { N = 20000 };

void test(void)
{
	size_t page = page_size();
	char *p = ok_map(mmap(NULL, 2 * N * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
	unsigned char vec;

	for (size_t i = 0; i < N; i++) {
		*(size_t *)(p + 2 * i * page) = i;
		ok_zero(munmap(p + (2 * i + 1) * page, page));
	}
	checkpoint_and_restore();
	for (size_t i = 0; i < N; i++)
		ok_eq(*(size_t *)(p + 2 * i * page), i);
	ok_errno(mincore(p + 101 * page, page, &vec), ENOMEM);
}
