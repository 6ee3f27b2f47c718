// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <linux/capability.h>

TEST(.does = "threads of one process keep credentials of their own: ids, groups, capabilities", .as = ROOT);

static void one(void *arg)
{
	gid_t group = 77, got;
	uid_t r, e, s;

	/* By system call: the C library would change all threads. */
	ok_sys(syscall(SYS_setgroups, 1, &group));
	ok_sys(syscall(SYS_setresgid, 5, 6, 7));
	ok_sys(syscall(SYS_setresuid, 0, 55, 0));
	thread_wait();
	ok_sys(getresuid(&r, &e, &s));
	ok_eq(r, 0);
	ok_eq(e, 55);
	ok_eq(s, 0);
	ok_eq(getegid(), 6);
	ok_eq(getgroups(1, &got), 1);
	ok_eq(got, 77);
}

void test(void)
{
	pthread_t t = thread(one, NULL);

	checkpoint_and_restore();
	ok_eq(geteuid(), 0);
	ok_eq(getegid(), 0);
	ok_eq(getgroups(0, NULL), 0);
	threads_go();
	thread_ok(t);
}
