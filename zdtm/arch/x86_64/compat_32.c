// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a 32-bit program: memory, signals, timers, a thread and a pipe", .needs = "compat_cr");

static __thread int local;
static volatile int hits;

static void handler(int sig)
{
	hits++;
}

static void one(void *arg)
{
	local = 5;
	thread_wait();
	ok_eq(local, 5);
}

void test(void)
{
	pthread_t t = thread(one, NULL);
	char buf[1000], *p;
	int pp[2];

	ok_eq(sizeof(void *), 4);
	p = ok_map(mmap(NULL, 100000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	pattern(p, 100000, 3);
	ok_sys(pipe(pp));
	ok_eq(write(pp[1], p, 1000), 1000);
	signal(SIGUSR1, handler);
	local = 1;
	checkpoint_and_restore();
	ok_pattern(p, 100000, 3);
	ok_eq(read(pp[0], buf, 1000), 1000);
	ok_mem(buf, p, 1000);
	raise(SIGUSR1);
	ok_eq(hits, 1);
	ok_eq(local, 1);
	ok(now(CLOCK_MONOTONIC) > 0);
	threads_go();
	thread_ok(t);
}
