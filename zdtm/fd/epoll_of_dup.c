// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/epoll.h>

TEST(.does = "an epoll that watches one description under two numbers, of which one now means another file",
     .peer = "it writes both watches under the number that is left, where no restore can add two");

void test(void)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = 1 }, got[4];
	int ep = ok_fd(epoll_create1(0)), a[2], b[2], d;

	ok_sys(pipe(a));
	ok_sys(pipe(b));
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, a[0], &ev));
	d = ok_fd(dup(a[0]));
	ev.data.u32 = 2;
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, d, &ev));
	/* The watch lives on under the number a[0], as long as the description does. */
	ok_sys(dup2(b[0], a[0]));
	checkpoint_and_restore();
	ok_eq(write(b[1], "x", 1), 1);
	ok_eq(epoll_wait(ep, got, 4, 0), 0);
	ok_eq(write(a[1], "x", 1), 1);
	ok_eq(epoll_wait(ep, got, 4, 0), 2);
	ok_eq(got[0].data.u32 + got[1].data.u32, 3);
}
