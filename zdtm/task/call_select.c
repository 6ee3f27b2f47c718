// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/select.h>

TEST(.does = "select() and ppoll() go on to wait for their pipe");

#include <poll.h>

static int in;

static void in_select(void *arg)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(in, &set);
	child_ready();
	while (select(in + 1, &set, NULL, NULL, NULL) < 0)
		/* select() is never started again by the kernel after a handler, but none ran. */
		ok_eq(errno, EINTR);
	ok(FD_ISSET(in, &set));
}

static void in_ppoll(void *arg)
{
	struct pollfd pf = { .fd = in, .events = POLLIN };
	sigset_t none;

	sigemptyset(&none);
	sigaddset(&none, SIGTERM);
	sigaddset(&none, SIGHUP);
	child_ready();
	while (ppoll(&pf, 1, NULL, &none) < 0)
		ok_eq(errno, EINTR);
	ok_eq(pf.revents, POLLIN);
	sigprocmask(SIG_BLOCK, NULL, &none);
	ok_eq(sigismember(&none, SIGHUP), 0);
}

void test(void)
{
	pid_t a, b;
	int p[2];

	ok_sys(pipe(p));
	in = p[0];
	a = child(in_select, NULL);
	b = child(in_ppoll, NULL);
	wait_asleep(a);
	wait_asleep(b);
	checkpoint_and_restore();
	ok_eq(write(p[1], "x", 1), 1);
	child_ended(a);
	child_ended(b);
}
