// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a memfd is given by --inherit-fd, with what is in it",
     .may_differ = "fd *, fdinfo *: it is another file, by our own wish",
     .peer = "restore: it does not set the position of what it is given");

void test(void)
{
	int fd = ok_fd((int)syscall(SYS_memfd_create, "zdtm", 0)), f;
	char buf[16], here[4000];
	FILE *to;

	ok_eq(write(fd, "contents", 8), 8);
	f = ok_fd(open("other", O_RDWR | O_CREAT, 0600));
	ok_eq(write(f, "another!", 8), 8);
	close(f);
	to = fopen("opts.restore", "w");
	fprintf(to, "--inherit-fd\nfd[50]:/memfd:zdtm\n");
	fclose(to);
	to = fopen("inherit", "w");
	fprintf(to, "50 %d %s/other\n", O_RDWR, getcwd(here, sizeof(here)));
	fclose(to);
	checkpoint_and_restore();
	ok_eq(lseek(fd, 0, SEEK_CUR), 8);
	ok_eq(pread(fd, buf, 16, 0), 8);
	/* Undisturbed, or dumped and left running, it is still the first. */
	if (strncmp(link_of("/proc/self/fd/%d", fd), "/memfd:", 7))
		ok_mem(buf, "another!", 8);
}
