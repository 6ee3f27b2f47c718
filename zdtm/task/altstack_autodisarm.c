// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "an alternate stack keeps SS_AUTODISARM");

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

static char stack[65536];

void test(void)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack), .ss_flags = (int)SS_AUTODISARM }, got;

	ok_sys(sigaltstack(&ss, NULL));
	checkpoint_and_restore();
	ok_sys(sigaltstack(NULL, &got));
	ok_ptr(got.ss_sp, stack);
	ok_eq(got.ss_size, sizeof(stack));
	ok_eq(got.ss_flags, (int)SS_AUTODISARM);
}
