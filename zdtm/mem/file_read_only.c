// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <fcntl.h>

TEST(.does = "a shared mapping of a file opened for reading stays one that cannot be written");

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(open("file", O_WRONLY | O_CREAT, 0600));
	char *p;

	ok_eq(write(fd, "hello", 5), 5);
	close(fd);
	fd = ok_fd(open("file", O_RDONLY));
	p = ok_map(mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0));
	close(fd);
	checkpoint_and_restore();
	ok_mem(p, "hello", 5);
	ok_errno(mprotect(p, page, PROT_READ | PROT_WRITE), EACCES);
}
