// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/stat.h>

TEST(.does = "a file named by --external is handed over at restore by --inherit-fd, and not opened by its name",
     .may_differ = "fd *, fdinfo *: it is another file, by our own wish");

/* The name leads to other contents at restore; the descriptor that we get must be the runner's. */
void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600)), f;
	char key[128], buf[16], here[4000];
	struct stat st;
	FILE *to;

	ok_eq(write(fd, "contents", 8), 8);
	ok_sys(fstat(fd, &st));
	snprintf(key, sizeof(key), "file[%x:%lx]", atoi(proc_field("mnt_id", "/proc/self/fdinfo/%d", fd)), (long)st.st_ino);
	f = ok_fd(open("other", O_RDWR | O_CREAT, 0600));
	ok_eq(write(f, "another!", 8), 8);
	close(f);
	to = fopen("opts.dump", "w");
	fprintf(to, "--external\n%s\n", key);
	fclose(to);
	to = fopen("opts.restore", "w");
	fprintf(to, "--inherit-fd\nfd[50]:%s\n", key);
	fclose(to);
	to = fopen("inherit", "w");
	fprintf(to, "50 %d %s/other\n", O_RDWR, getcwd(here, sizeof(here)));
	fclose(to);
	checkpoint_and_restore();
	/* Undisturbed, or dumped and left running, it is still the first. */
	ok_eq(pread(fd, buf, 16, 0) >= 8, 1);
	if (strcmp(strrchr(link_of("/proc/self/fd/%d", fd), '/'), "/file"))
		ok_mem(buf, "another!", 8);
}
