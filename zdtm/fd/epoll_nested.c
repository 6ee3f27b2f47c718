// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/epoll.h>

TEST(.does = "an epoll in an epoll in an epoll");

void test(void)
{
	struct epoll_event ev = { .events = EPOLLIN }, got;
	int ep[3], p[2];

	ok_sys(pipe(p));
	for (int i = 0; i < 3; i++) {
		ep[i] = ok_fd(epoll_create1(0));
		ev.data.u32 = 10 + i;
		ok_sys(epoll_ctl(ep[i], EPOLL_CTL_ADD, i ? ep[i - 1] : p[0], &ev));
	}
	checkpoint_and_restore();
	ok_eq(epoll_wait(ep[2], &got, 1, 0), 0);
	ok_eq(write(p[1], "x", 1), 1);
	for (int i = 2; i >= 0; i--) {
		ok_eq(epoll_wait(ep[i], &got, 1, 0), 1);
		ok_eq(got.data.u32, 10 + i);
	}
}
