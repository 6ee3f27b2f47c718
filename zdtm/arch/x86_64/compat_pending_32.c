// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "signals with values pending in a 32-bit program, and its alternate stack", .needs = "compat_cr");

static char stack[65536];

void test(void)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) }, got;
	struct timespec none = {};
	sigset_t set;
	siginfo_t si;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	ok_sys(sigaltstack(&ss, NULL));
	for (int i = 0; i < 3; i++)
		ok_sys(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = 70 + i }));
	checkpoint_and_restore();
	for (int i = 0; i < 3; i++) {
		ok_eq(sigtimedwait(&set, &si, &none), SIGRTMIN + 1);
		ok_eq(si.si_value.sival_int, 70 + i);
	}
	ok_sys(sigaltstack(NULL, &got));
	ok_ptr(got.ss_sp, stack);
	ok_eq(got.ss_size, sizeof(stack));
}
