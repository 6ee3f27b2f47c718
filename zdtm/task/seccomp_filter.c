// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"
#include "seccomp.h"

TEST(.does = "a seccomp filter goes on to filter");

void test(void)
{
	ok_sys(seccomp_deny(SYS_ptrace, ENOTTY, 0));
	ok_errno(syscall(SYS_ptrace, 0, 0, 0, 0), ENOTTY);
	checkpoint_and_restore();
	ok_errno(syscall(SYS_ptrace, 0, 0, 0, 0), ENOTTY);
	ok_eq(prctl(PR_GET_SECCOMP, 0, 0, 0, 0), 2);
}
