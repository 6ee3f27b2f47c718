// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"
#include "seccomp.h"

TEST(.does = "ten filters, one on the other; the newest that objects wins");

void test(void)
{
	/* The same severity: the one installed last decides. */
	for (int i = 0; i < 10; i++)
		ok_sys(seccomp_deny(SYS_ptrace, 50 + i, 0));
	ok_sys(seccomp_deny(SYS_swapon, 44, SECCOMP_FILTER_FLAG_LOG));
	ok_errno(syscall(SYS_ptrace, 0, 0, 0, 0), 59);
	checkpoint_and_restore();
	ok_errno(syscall(SYS_ptrace, 0, 0, 0, 0), 59);
	ok_errno(syscall(SYS_swapon, 0, 0, 0, 0), 44);
	ok_eq(atoi(proc_field("Seccomp_filters", "/proc/self/status")), 11);
}
