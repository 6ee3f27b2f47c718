// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/timerfd.h>

TEST(.does = "a timerfd set to a point in time, with TFD_TIMER_CANCEL_ON_SET, and one that was never set",
     .may_differ = "fdinfo *: an image has the rest of the time, not the flag that it was a point in time");

void test(void)
{
	struct itimerspec set = {}, got;
	int fd = ok_fd(timerfd_create(CLOCK_REALTIME, 0)), never = ok_fd(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK));
	uint64_t n;

	set.it_value.tv_sec = time(NULL) + 5000;
	ok_sys(timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &set, NULL));
	checkpoint_and_restore();
	ok_sys(timerfd_gettime(fd, &got));
	ok_ge(got.it_value.tv_sec, 4800);
	ok_le(got.it_value.tv_sec, 5001);
	ok_sys(timerfd_gettime(never, &got));
	ok_eq(got.it_value.tv_sec, 0);
	ok_errno(read(never, &n, sizeof(n)), EAGAIN);
}
