// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a private mapping of a memfd whose descriptor is closed keeps both its pages and the memfd's");

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(memfd_create("m", 0));
	char *s, *p;

	ok_sys(ftruncate(fd, 4 * page));
	s = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	p = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	close(fd);
	pattern(s, 4 * page, 3);
	p[page] = 'p';
	checkpoint_and_restore();
	ok_pattern(s, 4 * page, 3);
	ok_eq(p[page], 'p');
	s[2 * page] = 's';
	ok_eq(p[2 * page], 's');
	ok_ne(s[page], 'p');
}
