// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/timerfd.h>

TEST(.does = "timerfds of every clock keep interval and rest");

static const int clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME };

void test(void)
{
	struct itimerspec set = { .it_interval = { 50, 7 }, .it_value = { 1000, 9 } }, got;
	uint64_t n;
	int fd[3];

	for (int i = 0; i < 3; i++) {
		fd[i] = ok_fd(timerfd_create(clocks[i], TFD_NONBLOCK));
		ok_sys(timerfd_settime(fd[i], 0, &set, NULL));
	}
	checkpoint_and_restore();
	for (int i = 0; i < 3; i++) {
		ok_sys(timerfd_gettime(fd[i], &got));
		ok_eq(got.it_interval.tv_sec, 50);
		ok_eq(got.it_interval.tv_nsec, 7);
		ok_ge(got.it_value.tv_sec, 1000 - 120);
		ok_le(got.it_value.tv_sec, 1000);
		ok_errno(read(fd[i], &n, sizeof(n)), EAGAIN);
		ok_eq(atoi(proc_field("clockid", "/proc/self/fdinfo/%d", fd[i])), clocks[i]);
	}
}
