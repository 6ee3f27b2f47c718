// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/epoll.h>

TEST(.does = "epoll_wait() goes on to wait");

static int ep;

static void waiter(void *arg)
{
	struct epoll_event ev;
	int r;

	child_ready();
	while ((r = epoll_wait(ep, &ev, 1, -1)) < 0)
		ok_eq(errno, EINTR);
	ok_eq(r, 1);
	ok_eq(ev.data.u32, 77);
}

void test(void)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = 77 };
	pid_t pid;
	int p[2];

	ok_sys(pipe(p));
	ep = ok_fd(epoll_create1(0));
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev));
	pid = child(waiter, NULL);
	wait_asleep(pid);
	checkpoint_and_restore();
	wait_asleep(pid);
	ok_eq(write(p[1], "x", 1), 1);
	child_ended(pid);
}
