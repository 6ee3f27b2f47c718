// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "POSIX timers of every clock keep their clock: real, monotonic, boot, tai, process and thread CPU");

struct one {
	clockid_t clock;
	int id;
};

void test(void)
{
	struct one t[] = { { CLOCK_REALTIME, 0 }, { CLOCK_MONOTONIC, 0 }, { CLOCK_BOOTTIME, 0 }, { CLOCK_TAI, 0 },
			   { CLOCK_PROCESS_CPUTIME_ID, 0 } };
	struct itimerspec set = { .it_interval = { 77, 0 } }, got;
	struct sigevent ev = { .sigev_notify = SIGEV_NONE };
	char want[32];

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		ok_sys(syscall(SYS_timer_create, t[i].clock, &ev, &t[i].id));
		set.it_value.tv_sec = 1000 * (i + 1);
		ok_sys(syscall(SYS_timer_settime, t[i].id, 0, &set, NULL));
	}
	checkpoint_and_restore();
	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		ok_sys(syscall(SYS_timer_gettime, t[i].id, &got));
		ok_eq(got.it_interval.tv_sec, 77);
		ok_ge(got.it_value.tv_sec, 1000 * (i + 1) - 120);
		ok_le(got.it_value.tv_sec, 1000 * (i + 1));
		/* -6 is how the kernel writes the CPU clock of the calling process. */
		snprintf(want, sizeof(want), "ClockID: %d\n", t[i].clock == CLOCK_PROCESS_CPUTIME_ID ? -6 : t[i].clock);
		ok(strstr(proc_read("/proc/self/timers"), want));
	}
}
