// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <math.h>

TEST(.does = "four threads that compute in floating point all the time go on to compute right");

static volatile bool stop;

static double series(long steps)
{
	double sum = 0;
	long double other = 1;

	for (long i = 1; i <= steps; i++) {
		sum += 1.0 / (double)i * (i % 2 ? 1 : -1);
		other = other * 1.0000001L + 1e-9L;
	}
	return sum + (double)other;
}

static void loop(void *arg)
{
	long steps = 100000 + (long)arg * 1000, rounds = 0;
	double want = series(steps);

	thread_ready();
	do {
		double got = series(steps);

		ok_mem(&got, &want, sizeof(got));
		rounds++;
	} while (!stop);
	ok_ge(rounds, 1);
}

void test(void)
{
	pthread_t t[4];

	for (long i = 0; i < 4; i++)
		t[i] = thread(loop, (void *)i);
	checkpoint_and_restore();
	stop = true;
	for (int i = 0; i < 4; i++)
		thread_ok(t[i]);
}
