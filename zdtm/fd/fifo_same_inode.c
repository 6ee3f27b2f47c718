// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/mount.h>

TEST(.does = "FIFOs of two file systems whose inodes have the same number", .as = ROOT,
     .peer = "tells them apart by that number alone");

/* Each tmpfs counts its inodes from the start. */
static int fifo_on_new(const char *dir, const char *path, ino_t *ret_ino)
{
	struct stat st;
	int fd;

	ok_zero(mkdir(dir, 0700));
	if (mount("zdtm", dir, "tmpfs", 0, NULL) < 0)
		skip("cannot mount a tmpfs: %s", strerror(errno));
	ok_zero(mkfifo(path, 0600));
	fd = ok_fd(open(path, O_RDWR | O_NONBLOCK));
	ok_sys(fstat(fd, &st));
	*ret_ino = st.st_ino;
	return fd;
}

void test(void)
{
	char buf[8];
	ino_t ia, ib;
	int a = fifo_on_new("a", "a/fifo", &ia), b = fifo_on_new("b", "b/fifo", &ib);

	if (ia != ib)
		skip("tmpfs gives inodes other numbers here");
	ok_eq(write(a, "first", 5), 5);
	ok_eq(write(b, "second", 6), 6);
	checkpoint_and_restore();
	ok_eq(read(a, buf, 8), 5);
	ok_mem(buf, "first", 5);
	ok_eq(read(b, buf, 8), 6);
	ok_mem(buf, "second", 6);
	close(a);
	close(b);
	ok_zero(umount("a"));
	ok_zero(umount("b"));
}
