// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

TEST(.does = "an epoll inherited by a child, which closed what it watches");

static int ep, efd;

static void kid(void *arg)
{
	struct epoll_event got;

	close(efd);
	checkpoint_and_restore();
	ok_eq(epoll_wait(ep, &got, 1, -1), 1);
	ok_eq(got.data.u32, 7);
}

void test(void)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = 7 };
	uint64_t one = 1;
	pid_t pid;

	ep = ok_fd(epoll_create1(0));
	efd = ok_fd(eventfd(0, 0));
	ok_sys(epoll_ctl(ep, EPOLL_CTL_ADD, efd, &ev));
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_eq(write(efd, &one, sizeof(one)), sizeof(one));
	child_ok(pid);
}
