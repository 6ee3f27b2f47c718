// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a memfd: contents, size, position, shared by descriptor and mapping");

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(memfd_create("some name", MFD_CLOEXEC));
	char *p, buf[100], c;

	ok_sys(ftruncate(fd, 10 * page + 17));
	p = ok_map(mmap(NULL, 10 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	pattern(p + 2 * page, page, 2);
	ok_eq(pwrite(fd, "tail", 4, 10 * page + 13), 4);
	ok_eq(lseek(fd, 321, SEEK_SET), 321);
	checkpoint_and_restore();
	ok_pattern(p + 2 * page, page, 2);
	ok_eq(lseek(fd, 0, SEEK_CUR), 321);
	ok_eq(lseek(fd, 0, SEEK_END), 10 * page + 17);
	ok_eq(pread(fd, buf, sizeof(buf), 10 * page + 13), 4);
	ok_mem(buf, "tail", 4);
	p[0] = 'm';
	ok_eq(pread(fd, &c, 1, 0), 1);
	ok_eq(c, 'm');
	ok(strstr(link_of("/proc/self/fd/%d", fd), "memfd:some name"));
}
