// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <poll.h>
#include <termios.h>

TEST(.does = "many lines typed ahead in a terminal that echoes, some ended by VEOL2 or an end of file, and a long part of a line",
     .peer = "loses what waits for the slave");

enum { LINES = 40, LINE = 60, PART = 1500 };

/* Each ends otherwise: \n, VEOL2 or VEOF. */
static void make_line(char *line, int i)
{
	memset(line, 'a' + i % 26, LINE);
	line[LINE - 1] = "\n\002\004"[i % 3];
}

static void type_line(int m, const char *line, size_t n)
{
	char echo[2 * PART];
	size_t got = 0;

	/* Until it has been worked on: its echo is there. That of VEOF is none, that of VEOL2 is ^B, that of \n is \r\n. */
	const size_t want = n - 1 + (line[n - 1] == '\004' ? 0 : line[n - 1] < ' ' ? 2 : 1);

	ok_eq(write(m, line, n), n);
	while (got < want)
		got += ok_sys(read(m, echo, sizeof(echo)));
	ok_eq(got, want);
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
	char line[LINE], part[PART + 1], buf[4096];
	struct termios t;

	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(unlockpt(m));
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY | O_NONBLOCK));
	ok_sys(tcgetattr(s, &t));
	t.c_cc[VEOL2] = '\002';
	ok_sys(tcsetattr(s, TCSANOW, &t));
	for (int i = 0; i < LINES; i++) {
		make_line(line, i);
		type_line(m, line, LINE);
	}
	memset(part, 'p', PART);
	type_line(m, part, PART);
	checkpoint_and_restore();
	ok(!readable(m));
	for (int i = 0; i < LINES; i++) {
		make_line(line, i);
		ok_eq(read(s, buf, sizeof(buf)), LINE - (i % 3 == 2));
		ok_mem(buf, line, LINE - (i % 3 == 2));
	}
	ok_errno(read(s, buf, sizeof(buf)), EAGAIN);
	part[PART] = '\n';
	type_line(m, part + PART, 1);
	ok_eq(read(s, buf, sizeof(buf)), PART + 1);
	ok_mem(buf, part, PART + 1);
}
