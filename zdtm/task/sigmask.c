// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the mask of blocked signals is kept, for each thread its own");

static void check(const sigset_t *want)
{
	sigset_t got;

	ok_pt(pthread_sigmask(SIG_BLOCK, NULL, &got));
	for (int sig = 1; sig < 65; sig++)
		if (sigismember(&got, sig) != sigismember(want, sig))
			fail("signal %d: blocked is %d, not %d", sig, sigismember(&got, sig), sigismember(want, sig));
}

static void set(sigset_t *mask, int step)
{
	sigemptyset(mask);
	sigaddset(mask, SIGTERM);
	for (int sig = 1; sig < 65; sig += step)
		if (sig != 32 && sig != 33 && sig != SIGKILL && sig != SIGSTOP)
			sigaddset(mask, sig);
	ok_pt(pthread_sigmask(SIG_SETMASK, mask, NULL));
}

static void one(void *arg)
{
	sigset_t mask;

	set(&mask, (int)(long)arg);
	thread_wait();
	check(&mask);
}

void test(void)
{
	pthread_t a = thread(one, (void *)3), b = thread(one, (void *)7), c = thread(one, (void *)1);
	sigset_t mask;

	set(&mask, 5);
	checkpoint_and_restore();
	check(&mask);
	threads_go();
	thread_ok(a);
	thread_ok(b);
	thread_ok(c);
}
