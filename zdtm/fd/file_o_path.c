// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/stat.h>

TEST(.does = "O_PATH descriptors of a file, a directory and a symbolic link");

void test(void)
{
	int f, d, l;
	struct stat st;
	char buf[16];

	close(ok_fd(open("file", O_WRONLY | O_CREAT, 0600)));
	ok_sys(mkdir("dir", 0700));
	ok_sys(symlink("nowhere", "link"));
	f = ok_fd(open("file", O_PATH));
	d = ok_fd(open("dir", O_PATH | O_DIRECTORY | O_CLOEXEC));
	l = ok_fd(open("link", O_PATH | O_NOFOLLOW));
	checkpoint_and_restore();
	ok_errno(read(f, buf, 1), EBADF);
	ok_eq(fcntl(f, F_GETFL) & O_PATH, O_PATH);
	ok_fd(openat(d, "made", O_WRONLY | O_CREAT, 0600));
	ok_sys(access("dir/made", F_OK));
	ok_eq(fcntl(d, F_GETFD), FD_CLOEXEC);
	ok_sys(fstat(l, &st));
	ok(S_ISLNK(st.st_mode));
	ok_eq(readlinkat(l, "", buf, sizeof(buf)), 7);
	ok_mem(buf, "nowhere", 7);
}
