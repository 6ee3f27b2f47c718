// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <poll.h>
#include <termios.h>

TEST(.does = "more bytes at a pseudo terminal than an image takes: they stay where they are",
     .refused = "an image has room for 16384", .peer = "dump: it does not look how many bytes wait, and loses them");

/* By 1000, the size of which the kernel has been seen to take most: about 22000. */
static size_t fill(int fd)
{
	unsigned char c[1000];
	size_t n = 0;

	for (;;) {
		ssize_t r;

		for (size_t i = 0; i < sizeof(c); i++)
			c[i] = (n + i) % 251;
		r = write(fd, c, sizeof(c));
		if (r < 0)
			break;
		n += r;
	}
	ok_eq(errno, EAGAIN);
	return n;
}

static void empty(int fd, size_t n)
{
	unsigned char buf[4096];
	size_t done = 0;

	while (done < n) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t got;

		/* What does not fit at once comes when there is room. */
		ok_sys(poll(&p, 1, -1));
		got = ok_sys(read(fd, buf, sizeof(buf)));
		for (ssize_t i = 0; i < got; i++)
			ok_eq(buf[i], (done + i) % 251);
		done += got;
	}
	ok_eq(done, n);
	ok_errno(read(fd, buf, 1), EAGAIN);
}

void test(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK), s;
	struct termios t;
	size_t in, out;

	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(unlockpt(m));
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY | O_NONBLOCK));
	ok_sys(tcgetattr(s, &t));
	cfmakeraw(&t);
	ok_sys(tcsetattr(s, TCSANOW, &t));
	in = fill(m);
	out = fill(s);
	if (in <= 16384 && out <= 16384)
		skip("this kernel takes %zu and %zu bytes at most", in, out);
	checkpoint_and_restore();
	empty(s, in);
	empty(m, out);
}
