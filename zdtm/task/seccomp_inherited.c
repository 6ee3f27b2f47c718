// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"
#include "seccomp.h"

TEST(.does = "a child keeps the filter it inherited and the one it added; the parent only its own");

static void kid(void *arg)
{
	ok_sys(seccomp_deny(SYS_swapoff, 32, 0));
	checkpoint_and_restore();
	ok_errno(syscall(SYS_swapon, 0, 0), 31);
	ok_errno(syscall(SYS_swapoff, 0, 0), 32);
}

void test(void)
{
	pid_t pid;

	ok_sys(seccomp_deny(SYS_swapon, 31, 0));
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_errno(syscall(SYS_swapon, 0, 0), 31);
	ok_eq(atoi(proc_field("Seccomp_filters", "/proc/self/status")), 1);
	child_ok(pid);
}
