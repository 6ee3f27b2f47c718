// SPDX-License-Identifier: GPL-2.0-only
#include "timens.h"

TEST(.does = "a tree in a time namespace comes back in one, and its clocks go on: for a child, a thread and those born later",
     .as = ROOT, .needs = "timens");

#define MONOTONIC 1000000
#define BOOTTIME 3000000

static struct {
	double monotonic, boottime;
} before;

static void compare(void *arg)
{
	double m = now(CLOCK_MONOTONIC), b = now(CLOCK_BOOTTIME);
	struct timespec coarse;

	ok(m >= before.monotonic);
	ok(m < before.monotonic + 60);
	ok(b >= before.boottime);
	ok(b < before.boottime + 60);
	/* The system call, where the others may be the vdso's. */
	ok_sys(syscall(SYS_clock_gettime, CLOCK_MONOTONIC_COARSE, &coarse));
	ok_ge(coarse.tv_sec, MONOTONIC);
	ok_str(link_of("/proc/self/ns/time"), link_of("/proc/self/ns/time_for_children"));
}

static void of_child(void *arg)
{
	checkpoint_and_restore();
	compare(NULL);
}

static void of_thread(void *arg)
{
	thread_wait();
	compare(NULL);
}

static void born_later(void *arg)
{
	compare(NULL);
	child_ready();
}

void test(void)
{
	pthread_t t;
	pid_t pid;

	time_namespace(MONOTONIC, BOOTTIME);
	before.monotonic = now(CLOCK_MONOTONIC);
	before.boottime = now(CLOCK_BOOTTIME);
	ok(before.monotonic >= MONOTONIC);
	pid = child(of_child, NULL);
	t = thread(of_thread, NULL);
	checkpoint_and_restore();
	compare(NULL);
	threads_go();
	thread_ok(t);
	child_ok(pid);
	child_ended(child(born_later, NULL));
}
