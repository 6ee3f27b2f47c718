// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/epoll.h>

TEST(.does = "a one-shot watch that has fired stays silent until it is armed again; others stay armed");

void test(void)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLONESHOT, .data.u32 = 1 }, got[2];
	int ep = ok_fd(epoll_create1(0)), a[2], b[2];

	ok_sys(pipe(a));
	ok_sys(pipe(b));
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, a[0], &ev));
	ok_eq(write(a[1], "x", 1), 1);
	ok_eq(epoll_wait(ep, got, 2, 0), 1);
	ev.data.u32 = 2;
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, b[0], &ev));
	checkpoint_and_restore();
	ok_eq(write(b[1], "x", 1), 1);
	ok_eq(epoll_wait(ep, got, 2, 0), 1);
	ok_eq(got[0].data.u32, 2);
	ev.data.u32 = 3;
	ok_sys(epoll_ctl(ep, EPOLL_CTL_MOD, a[0], &ev));
	ok_eq(epoll_wait(ep, got, 2, 0), 1);
	ok_eq(got[0].data.u32, 3);
}
