// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/stat.h>

TEST(.does = "POSIX locks of a mapped file and of the executable itself: closing any descriptor of the file would drop them",
     .opts = "--file-locks", .peer = "restore: its own close() drops them");

/* A byte of our own, named by the inode of our file: other runs of this very executable lock theirs at the same time. */
static off_t byte;

static void sees(void *arg)
{
	int fd = *(int *)arg;
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };

	ok_zero(fcntl(fd, F_GETLK, &l));
	ok_eq(l.l_type, F_RDLCK);
	ok_eq(l.l_pid, getppid());
	checkpoint_and_restore();
}

void test(void)
{
	struct flock l = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1 };
	int fd = ok_fd(open("file", O_RDWR | O_CREAT, 0600)), exe = ok_fd(open("/proc/self/exe", O_RDONLY));
	struct stat st;
	char *p;

	ok_zero(fstat(fd, &st));
	byte = l.l_start = (off_t)st.st_ino;
	ok_zero(ftruncate(fd, 4096));
	p = ok_map(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	ok_zero(fcntl(fd, F_SETLK, &l));
	ok_zero(fcntl(exe, F_SETLK, &l));
	checkpoint_and_restore();
	p[0] = 1;
	child_ok(child(sees, &fd));
	child_ok(child(sees, &exe));
}
