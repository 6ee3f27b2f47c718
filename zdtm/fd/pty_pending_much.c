// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <termios.h>

TEST(.does = "as many bytes at a pseudo terminal as an image takes, in both directions, and each once",
     .peer = "restore: it loses what the terminal does not take at once");

enum { MUCH = 16384 };

static void fill(int fd)
{
	unsigned char c[8];
	size_t n = 0;

	while (n < MUCH) {
		for (size_t i = 0; i < sizeof(c); i++)
			c[i] = (n + i) % 251;
		ok_eq(write(fd, c, sizeof(c)), sizeof(c));
		n += sizeof(c);
	}
}

static void empty(int fd)
{
	unsigned char buf[4096];
	size_t done = 0;

	while (done < MUCH) {
		ssize_t got = ok_sys(read(fd, buf, sizeof(buf)));

		for (ssize_t i = 0; i < got; i++)
			ok_eq(buf[i], (done + i) % 251);
		done += got;
	}
	ok_eq(done, MUCH);
	ok_errno(read(fd, buf, 1), EAGAIN);
}

void test(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK), s;
	struct termios t;

	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(grantpt(m));
	ok_zero(unlockpt(m));
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY | O_NONBLOCK));
	ok_sys(tcgetattr(s, &t));
	cfmakeraw(&t);
	ok_sys(tcsetattr(s, TCSANOW, &t));
	fill(m);
	fill(s);
	checkpoint_and_restore();
	empty(s);
	empty(m);
}
