// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "300 threads come back, each with its number, its name and its own data");

enum { N = 300 };

static void one(void *arg)
{
	long nr = (long)arg;
	pid_t tid = gettid_();
	char name[16], got[16];

	snprintf(name, sizeof(name), "worker %ld", nr);
	pthread_setname_np(pthread_self(), name);
	thread_wait();
	ok_eq(gettid_(), tid);
	pthread_getname_np(pthread_self(), got, sizeof(got));
	ok_str(got, name);
}

void test(void)
{
	pthread_t t[N];

	for (long i = 0; i < N; i++)
		t[i] = thread(one, (void *)i);
	checkpoint_and_restore();
	threads_go();
	for (int i = 0; i < N; i++)
		thread_ok(t[i]);
}
