// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/epoll.h>

TEST(.does = "an epoll keeps what it watches, for which events, with which data");

void test(void)
{
	struct epoll_event ev, got[4];
	int ep = ok_fd(epoll_create1(EPOLL_CLOEXEC)), a[2], b[2], n;

	ok_sys(pipe(a));
	ok_sys(pipe(b));
	ev = (struct epoll_event){ .events = EPOLLIN, .data.u64 = 0x123456789abcdef0 };
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, a[0], &ev));
	ev = (struct epoll_event){ .events = EPOLLIN | EPOLLRDHUP, .data.u64 = 2 };
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, b[0], &ev));
	ev = (struct epoll_event){ .events = 0, .data.u64 = 3 };
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, b[1], &ev));
	ok_eq(write(a[1], "x", 1), 1);
	checkpoint_and_restore();
	n = ok_sys(epoll_wait(ep, got, 4, 0));
	ok_eq(n, 1);
	ok_eq(got[0].data.u64, 0x123456789abcdef0);
	ok_eq(got[0].events, EPOLLIN);
	ok_eq(write(b[1], "x", 1), 1);
	ok_eq(epoll_wait(ep, got, 4, 0), 2);
	ok_errno(epoll_ctl(ep, EPOLL_CTL_ADD, b[1], &ev), EEXIST);
	ok_sys(epoll_ctl(ep, EPOLL_CTL_DEL, a[0], NULL));
	ok_eq(epoll_wait(ep, got, 4, 0), 1);
	ok_eq(got[0].data.u64, 2);
}
