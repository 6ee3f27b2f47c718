// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/stat.h>

TEST(.does = "a deleted file keeps its bytes, holes, mode, position; two descriptions of it are one file");

void test(void)
{
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0640)), ro = ok_fd(open("file", O_RDONLY));
	char buf[1000];
	struct stat st;

	pattern(buf, sizeof(buf), 1);
	ok_eq(pwrite(fd, buf, sizeof(buf), 100000), sizeof(buf));
	ok_sys(ftruncate(fd, 300001));
	ok_eq(lseek(fd, 55, SEEK_SET), 55);
	ok_sys(unlink("file"));
	checkpoint_and_restore();
	ok_sys(fstat(fd, &st));
	ok_eq(st.st_size, 300001);
	ok_eq(st.st_mode, S_IFREG | 0640);
	ok_eq(st.st_nlink, 0);
	ok_eq(st.st_uid, getuid());
	ok_eq(lseek(fd, 0, SEEK_CUR), 55);
	memset(buf, 0, sizeof(buf));
	ok_eq(pread(ro, buf, sizeof(buf), 100000), sizeof(buf));
	ok_pattern(buf, sizeof(buf), 1);
	ok_eq(pread(ro, buf, 1, 5), 1);
	ok_eq(buf[0], 0);
	ok_eq(pwrite(fd, "!", 1, 5), 1);
	ok_eq(pread(ro, buf, 1, 5), 1);
	ok_eq(buf[0], '!');
	ok_errno(access("file", F_OK), ENOENT);
}
