// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/time.h>

TEST(.does = "calls into the vdso go on to tell the time: clock_gettime, gettimeofday, time, in a loop across the checkpoint");

static volatile bool stop;

static void loop(void *arg)
{
	double last = now(CLOCK_MONOTONIC), t;
	struct timeval tv;

	thread_ready();
	while (!stop) {
		t = now(CLOCK_MONOTONIC);
		ok(t >= last);
		last = t;
		ok_zero(gettimeofday(&tv, NULL));
		ok(now(CLOCK_REALTIME) + 5 > tv.tv_sec);
		ok(time(NULL) + 5 > tv.tv_sec);
		ok_sys(clock_gettime(CLOCK_MONOTONIC_COARSE, &(struct timespec){}));
	}
}

void test(void)
{
	pthread_t t = thread(loop, NULL);
	double before = now(CLOCK_MONOTONIC);

	checkpoint_and_restore();
	ok(now(CLOCK_MONOTONIC) >= before);
	stop = true;
	thread_ok(t);
}
