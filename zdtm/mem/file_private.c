// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a private file mapping: changed pages are kept, the others show the file");

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	char *buf = malloc(8 * page), *p;

	pattern(buf, 8 * page, 1);
	ok_eq(write(fd, buf, 8 * page), 8 * page);
	p = ok_map(mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	close(fd);
	memset(p + 3 * page, 'm', page);
	p[6 * page + 5] = 'm';
	checkpoint_and_restore();
	ok_mem(p, buf, 3 * page);
	ok_eq(p[3 * page], 'm');
	ok_eq(p[4 * page - 1], 'm');
	ok_eq(p[6 * page + 5], 'm');
	ok_mem(p + 7 * page, buf + 7 * page, page);
	/* The file itself was never touched. */
	fd = ok_fd(open("file", O_RDONLY));
	ok_eq(pread(fd, p, page, 3 * page), page);
	ok_mem(p, buf + 3 * page, page);
}
