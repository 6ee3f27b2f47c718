// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a checkpoint inside a handler, on the alternate stack: the handler returns to where it came from");

static char stack[65536] __attribute__((aligned(64)));
static volatile int steps;

static void handler(int sig)
{
	stack_t ss;

	ok_sys(sigaltstack(NULL, &ss));
	ok_eq(ss.ss_flags, SS_ONSTACK);
	steps = 1;
	checkpoint_and_restore();
	ok_sys(sigaltstack(NULL, &ss));
	ok_eq(ss.ss_flags, SS_ONSTACK);
	ok_ptr(ss.ss_sp, stack);
	steps = 2;
}

void test(void)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	sigset_t now;
	double x = 1.5;

	sigemptyset(&sa.sa_mask);
	sigaddset(&sa.sa_mask, SIGHUP);
	ok_sys(sigaltstack(&ss, NULL));
	ok_sys(sigaction(SIGUSR1, &sa, NULL));
	raise(SIGUSR1);
	ok_eq(steps, 2);
	ok(x == 1.5);
	ok_sys(sigaltstack(NULL, &ss));
	ok_eq(ss.ss_flags, 0);
	sigprocmask(SIG_BLOCK, NULL, &now);
	ok_eq(sigismember(&now, SIGHUP), 0);
	ok_eq(sigismember(&now, SIGUSR1), 0);
}
