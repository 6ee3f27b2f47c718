// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "private and shared mappings of /dev/zero");

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(open("/dev/zero", O_RDWR));
	char *p = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	char *s = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));

	close(fd);
	pattern(p + page, page, 1);
	pattern(s + 2 * page, page, 2);
	checkpoint_and_restore();
	ok_pattern(p + page, page, 1);
	ok_pattern(s + 2 * page, page, 2);
	ok_eq(p[0], 0);
	ok_eq(s[0], 0);
}
