// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a deleted file that is mapped and open is one file after the restore");

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	char *p, c;

	ok_sys(ftruncate(fd, page));
	p = ok_map(mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	ok_sys(unlink("file"));
	checkpoint_and_restore();
	p[10] = 'm';
	ok_eq(pread(fd, &c, 1, 10), 1);
	ok_eq(c, 'm');
	ok_eq(pwrite(fd, "f", 1, 11), 1);
	ok_eq(p[11], 'f');
}
