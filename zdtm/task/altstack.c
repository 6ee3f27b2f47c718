// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "the alternate signal stack is kept, and used by the next handler; a thread has its own");

static char stacks[2][65536] __attribute__((aligned(64)));
static __thread volatile bool was_on_it;
static __thread char *mine;

static void handler(int sig)
{
	char here;

	was_on_it = &here >= mine && &here < mine + sizeof(stacks[0]);
}

static void set(int nr)
{
	stack_t ss = { .ss_sp = stacks[nr], .ss_size = sizeof(stacks[nr]) };

	mine = stacks[nr];
	ok_sys(sigaltstack(&ss, NULL));
}

static void check(int nr)
{
	stack_t ss;

	ok_sys(sigaltstack(NULL, &ss));
	ok_ptr(ss.ss_sp, stacks[nr]);
	ok_eq(ss.ss_size, sizeof(stacks[nr]));
	ok_eq(ss.ss_flags, 0);
	ok_pt(pthread_kill(pthread_self(), SIGUSR1));
	ok(was_on_it);
}

static void one(void *arg)
{
	set(1);
	thread_wait();
	check(1);
}

void test(void)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	pthread_t t;

	ok_sys(sigaction(SIGUSR1, &sa, NULL));
	set(0);
	t = thread(one, NULL);
	checkpoint_and_restore();
	check(0);
	threads_go();
	thread_ok(t);
}
