// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the seals of memfds; one that cannot be sealed stays so");

static const unsigned sets[] = {
	0, F_SEAL_SHRINK, F_SEAL_GROW | F_SEAL_SHRINK, F_SEAL_WRITE, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL,
	F_SEAL_FUTURE_WRITE,
};

enum { N = sizeof(sets) / sizeof(*sets) };

void test(void)
{
	int fd[N], plain = ok_fd(memfd_create("plain", 0));
	char buf[10];

	ok_eq(write(plain, "plain", 5), 5);
	for (int i = 0; i < N; i++) {
		fd[i] = ok_fd(memfd_create("sealed", MFD_ALLOW_SEALING));
		ok_eq(write(fd[i], "contents", 8), 8);
		if (fcntl(fd[i], F_ADD_SEALS, sets[i]) < 0)
			skip("cannot seal with %#x: %s", sets[i], strerror(errno));
	}
	checkpoint_and_restore();
	for (int i = 0; i < N; i++) {
		ok_eq(fcntl(fd[i], F_GET_SEALS), sets[i]);
		ok_eq(pread(fd[i], buf, 10, 0), 8);
		ok_mem(buf, "contents", 8);
		if (sets[i] & F_SEAL_WRITE)
			ok_errno(pwrite(fd[i], "x", 1, 0), EPERM);
		if (sets[i] & F_SEAL_SHRINK)
			ok_errno(ftruncate(fd[i], 1), EPERM);
	}
	ok_eq(fcntl(plain, F_GET_SEALS), F_SEAL_SEAL);
}
