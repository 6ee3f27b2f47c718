// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "mappings of a deleted file, private and shared, keep it alive");

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	char *s, *p, *buf = malloc(4 * page);

	pattern(buf, 4 * page, 7);
	ok_eq(write(fd, buf, 4 * page), 4 * page);
	s = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	p = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	close(fd);
	ok_sys(unlink("file"));
	p[page] = 'p';
	checkpoint_and_restore();
	ok_mem(s, buf, 4 * page);
	ok_mem(p, buf, page);
	ok_eq(p[page], 'p');
	/* One file: what is written through one shows in the untouched pages of the other. */
	s[3 * page] = '!';
	ok_eq(p[3 * page], '!');
	ok_errno(access("file", F_OK), ENOENT);
}
