// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <poll.h>

TEST(.does = "poll() goes on to wait for its pipe, or returns EINTR, with and without a time limit");

static int in;

static void waiter(void *arg)
{
	struct pollfd pf = { .fd = in, .events = POLLIN };
	int ms = *(int *)arg, r;

	child_ready();
	/* The kernel starts it again through its restart block, of which an image knows nothing. */
	while ((r = poll(&pf, 1, ms)) < 0)
		ok_eq(errno, EINTR);
	ok_eq(r, 1);
	ok_eq(pf.revents, POLLIN);
}

void test(void)
{
	int p[2], never = -1, long_time = 600000;
	pid_t a, b;

	ok_sys(pipe(p));
	in = p[0];
	a = child(waiter, &never);
	b = child(waiter, &long_time);
	wait_asleep(a);
	wait_asleep(b);
	checkpoint_and_restore();
	ok_eq(write(p[1], "x", 1), 1);
	child_ended(a);
	child_ended(b);
}
