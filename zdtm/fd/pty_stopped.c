// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <poll.h>
#include <termios.h>

TEST(.does = "a dump leaves a terminal stopped that ^S has stopped, and keeps what it has written before",
     .peer = "loses what was written");

static bool is_stopped(int s)
{
	struct pollfd p = { .fd = s, .events = POLLOUT };

	ok_sys(poll(&p, 1, 0));
	return !(p.revents & POLLOUT);
}

void test(void)
{
	int m = posix_openpt(O_RDWR | O_NOCTTY), s;
	char buf[16];

	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(unlockpt(m));
	s = ok_fd(open(ptsname(m), O_RDWR | O_NOCTTY));
	ok_eq(write(s, "before", 6), 6);
	ok_eq(write(m, "\023", 1), 1);
	while (!is_stopped(s))
		sched_yield();
	checkpoint_and_restore();
	ok_eq(read(m, buf, 16), 6);
	ok_mem(buf, "before", 6);
	/* Left running it is stopped still; restored it goes on. ^Q is good for both. */
	ok_eq(write(m, "\021", 1), 1);
	while (is_stopped(s))
		sched_yield();
	ok_eq(write(s, "after", 5), 5);
	ok_eq(read(m, buf, 16), 5);
	ok_mem(buf, "after", 5);
}
