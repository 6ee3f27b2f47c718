// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/stat.h>

TEST(.does = "a file named by --external is not opened by its name: restore refuses until --inherit-fd gives it",
     .between = "mv opts.restore elsewhere",
     .restore_refused = "it is external; pass --inherit-fd",
     .undo = "mv elsewhere opts.restore",
     .may_differ = "fd *, fdinfo *: it is another file, by our own wish");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600));
	char key[128], here[4000];
	struct stat st;
	FILE *to;

	ok_sys(fstat(fd, &st));
	snprintf(key, sizeof(key), "file[%x:%lx]", atoi(proc_field("mnt_id", "/proc/self/fdinfo/%d", fd)), (long)st.st_ino);
	close(ok_fd(open("other", O_RDWR | O_CREAT, 0600)));
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
	ok_eq(pwrite(fd, "abc", 3, 0), 3);
}
