// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/epoll.h>

TEST(.does = "edge-triggered watches: a new edge is told, and one that nobody took is not lost");

void test(void)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET, .data.u32 = 1 }, got;
	int ep = ok_fd(epoll_create1(0)), a[2], b[2];

	ok_sys(pipe(a));
	ok_sys(pipe(b));
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, a[0], &ev));
	ok_eq(write(a[1], "untold", 6), 6);
	checkpoint_and_restore();
	ok_eq(epoll_wait(ep, &got, 1, 0), 1);
	ok_eq(got.data.u32, 1);
	/* Told once. */
	ok_eq(epoll_wait(ep, &got, 1, 0), 0);
	ok_eq(write(a[1], "x", 1), 1);
	ok_eq(epoll_wait(ep, &got, 1, 0), 1);
}
