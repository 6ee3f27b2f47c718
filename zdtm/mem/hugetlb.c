// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "memory of the huge page pool, private and shared", .as = ROOT, .needs = "memfd_hugetlb");

void test(void)
{
	size_t huge = 2 << 20;
	char *p, *s;
	int fd;

	p = mmap(NULL, huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	fd = memfd_create("huge", MFD_HUGETLB);
	if (p == MAP_FAILED || fd < 0 || ftruncate(fd, huge) < 0)
		skip("no huge pages in the pool");
	s = mmap(NULL, huge, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (s == MAP_FAILED)
		skip("not enough huge pages in the pool");
	pattern(p, huge, 1);
	pattern(s, huge, 2);
	checkpoint_and_restore();
	ok_pattern(p, huge, 1);
	ok_pattern(s, huge, 2);
	ok(smaps_flag(p, "ht"));
	ok(smaps_flag(s, "ht"));
}
