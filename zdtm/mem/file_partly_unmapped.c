// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a file mapping with holes punched by munmap(), and parts of other protection");

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	unsigned char vec;
	char *p;

	ok_sys(ftruncate(fd, 10 * page));
	for (int i = 0; i < 10; i++)
		ok_eq(pwrite(fd, &"0123456789"[i], 1, i * page), 1);
	p = ok_map(mmap(NULL, 10 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	close(fd);
	ok_zero(munmap(p + 2 * page, page));
	ok_zero(munmap(p + 7 * page, 2 * page));
	ok_zero(mprotect(p + 4 * page, page, PROT_READ));
	checkpoint_and_restore();
	for (int i = 0; i < 10; i++)
		if (i == 2 || i == 7 || i == 8)
			ok_errno(mincore(p + i * page, page, &vec), ENOMEM);
		else
			ok_eq(p[i * page], '0' + i);
	ok(!smaps_flag(p + 4 * page, "wr"));
	ok(smaps_flag(p + 5 * page, "wr"));
}
