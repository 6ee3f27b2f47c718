// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "POSIX timers keep numbers with gaps, and the next one gets the next");

static int create(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_NONE };
	int id;

	ok_sys(syscall(SYS_timer_create, CLOCK_REALTIME, &ev, &id));
	return id;
}

void test(void)
{
	struct itimerspec set = { .it_value = { 5000, 0 } }, got;
	int id[40];

	for (int i = 0; i < 40; i++)
		id[i] = create();
	for (int i = 0; i < 40; i++)
		if (i % 7 != 3)
			ok_sys(syscall(SYS_timer_delete, id[i]));
		else
			ok_sys(syscall(SYS_timer_settime, id[i], 0, &set, NULL));
	checkpoint_and_restore();
	for (int i = 0; i < 40; i++)
		if (i % 7 == 3) {
			ok_sys(syscall(SYS_timer_gettime, id[i], &got));
			ok_ge(got.it_value.tv_sec, 4800);
		} else {
			ok_errno(syscall(SYS_timer_gettime, id[i], &got), EINVAL);
		}
	create();
}
