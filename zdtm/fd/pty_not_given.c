// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/sysmacros.h>

TEST(.does = "a terminal named by --external is not made: restore refuses until --inherit-fd gives one",
     .between = "mv opts.restore elsewhere",
     .restore_refused = "find a terminal for it; pass --inherit-fd",
     .undo = "mv elsewhere opts.restore",
     .may_differ = "fd *, fdinfo *: it is another terminal, by our own wish",
     .peer = "restore: sets the modes of what it is given, and fails as that is no terminal here");

void test(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY), s;
	char key[64];
	struct stat st;
	FILE *to;

	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(unlockpt(m));
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY));
	ok_sys(fstat(s, &st));
	snprintf(key, sizeof(key), "tty[%lx:%lx]", (long)st.st_rdev, (long)st.st_dev);
	to = fopen("opts.dump", "w");
	fprintf(to, "--external\n%s\n", key);
	fclose(to);
	to = fopen("opts.restore", "w");
	fprintf(to, "--inherit-fd\nfd[50]:%s\n", key);
	fclose(to);
	to = fopen("inherit", "w");
	fprintf(to, "50 %d /dev/null\n", O_RDWR);
	fclose(to);
	checkpoint_and_restore();
	ok_sys(fcntl(s, F_GETFD));
}
