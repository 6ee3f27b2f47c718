// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <poll.h>
#include <termios.h>

TEST(.does = "typed ahead in a terminal that echoes: lines, an end of file, a part of a line; nothing is echoed twice",
     .peer = "lines are echoed again at its restore, and its dump loses an end of file");

/* Until all that was typed has been worked on: it has when its echo is there. */
static void echoed(int m, const char *want)
{
	char buf[64];
	size_t n = 0;

	while (n < strlen(want)) {
		ssize_t got = ok_sys(read(m, buf + n, sizeof(buf) - n));

		n += got;
	}
	ok_eq(n, strlen(want));
	ok_mem(buf, want, n);
}

static bool readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ok_sys(poll(&p, 1, 0));
	return p.revents & POLLIN;
}

void test(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY), s;
	char buf[64];

	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(grantpt(m));
	ok_zero(unlockpt(m));
	/* As a shell has it that was started with </dev/pts/N. */
	s = ok_fd(open(ptsname(m), O_RDONLY | O_NOCTTY | O_NONBLOCK));
	ok_eq(write(m, "one\rtwo\nend\4\4par", 16), 16);
	echoed(m, "one\r\ntwo\r\nendpar");
	checkpoint_and_restore();
	ok(!readable(m));
	ok_eq(read(s, buf, 64), 4);
	ok_mem(buf, "one\n", 4);
	ok_eq(read(s, buf, 64), 4);
	ok_mem(buf, "two\n", 4);
	ok_eq(read(s, buf, 64), 3);
	ok_mem(buf, "end", 3);
	ok_eq(read(s, buf, 64), 0);
	ok_errno(read(s, buf, 64), EAGAIN);
	ok_eq(write(m, "t\n", 2), 2);
	echoed(m, "t\r\n");
	ok_eq(read(s, buf, 64), 5);
	ok_mem(buf, "part\n", 5);
}
