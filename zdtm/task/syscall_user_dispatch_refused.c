// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

#define SET_SYSCALL_USER_DISPATCH 59

TEST(.does = "a thread that dispatches system calls to itself is refused by name", .refused = "PR_SET_SYSCALL_USER_DISPATCH",
     .needs = "ptrace_sud", .peer = "dump: it does not save it, and its restore makes the thread without it");

/* 0: calls pass, so that this program can make its own; 1 would send SIGSYS. */
static volatile char block;

void test(void)
{
	if (prctl(SET_SYSCALL_USER_DISPATCH, 1, 0, 0, &block) < 0)
		skip("no syscall user dispatch here: %s", strerror(errno));
	checkpoint_and_restore();
	ok_eq(prctl(SET_SYSCALL_USER_DISPATCH, 0, 0, 0, 0), 0);
}
