// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <poll.h>
#include <sys/timerfd.h>

TEST(.does = "expirations of a timerfd that nobody has read; and a one-shot one stays disarmed",
     .may_differ = "fdinfo *: the timer runs on and counts",
     .peer = "dump: it writes what fdinfo shows, one expiration, before a look has made the kernel add up the others");

void test(void)
{
	struct itimerspec set = { .it_interval.tv_nsec = 10000000, .it_value.tv_nsec = 1 }, got;
	int fd = ok_fd(timerfd_create(CLOCK_MONOTONIC, 0)), once = ok_fd(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
	double start = now(CLOCK_MONOTONIC);
	struct pollfd pf = { .fd = once, .events = POLLIN };
	uint64_t n = 0;

	ok_sys(timerfd_settime(fd, 0, &set, NULL));
	set.it_interval.tv_nsec = 0;
	ok_sys(timerfd_settime(once, 0, &set, NULL));
	ok_eq(poll(&pf, 1, -1), 1);
	while (now(CLOCK_MONOTONIC) - start < 0.1)
		poll(NULL, 0, 10);
	checkpoint_and_restore();
	ok_eq(read(fd, &n, sizeof(n)), sizeof(n));
	ok_ge(n, 10);
	ok_le(n, (now(CLOCK_MONOTONIC) - start) * 100 + 2);
	ok_eq(read(once, &n, sizeof(n)), sizeof(n));
	ok_eq(n, 1);
	ok_sys(timerfd_gettime(once, &got));
	ok_eq(got.it_value.tv_sec + got.it_value.tv_nsec, 0);
	ok_errno(read(once, &n, sizeof(n)), EAGAIN);
}
