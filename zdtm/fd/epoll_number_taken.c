// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/epoll.h>

TEST(.does = "an epoll whose own number is the one by which it watches a file",
     .peer = "looks for the file at that number");

void test(void)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = 7 };
	int fd[2], ep = ok_fd(epoll_create1(0)), number;

	ok_zero(pipe(fd));
	number = ok_fd(dup(fd[0]));
	ok_zero(epoll_ctl(ep, EPOLL_CTL_ADD, number, &ev));
	ok_eq(dup2(ep, number), number);
	close(ep);
	checkpoint_and_restore();
	ok_eq(write(fd[1], "x", 1), 1);
	ok_eq(epoll_wait(number, &ev, 1, 0), 1);
	ok_eq(ev.data.u64, 7);
}
