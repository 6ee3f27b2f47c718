// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <setjmp.h>

TEST(.does = "a mapping that reaches beyond the end of its file raises SIGBUS there, as before");

static sigjmp_buf back;

static void on_bus(int sig)
{
	siglongjmp(back, 1);
}

void test(void)
{
	size_t page = page_size();
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	char *p;

	ok_eq(write(fd, "abc", 3), 3);
	p = ok_map(mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	signal(SIGBUS, on_bus);
	checkpoint_and_restore();
	ok_mem(p, "abc", 3);
	if (!sigsetjmp(back, 1)) {
		*(volatile char *)(p + 2 * page);
		fail("no SIGBUS");
	}
	ok_sys(ftruncate(fd, 4 * page));
	ok_eq(p[2 * page], 0);
}
