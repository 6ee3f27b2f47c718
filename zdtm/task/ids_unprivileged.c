// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a task that gave up root for good, with a child that did not", .as = ROOT,
     .peer = "dump: it reads the limits of a task of another user by prlimit alone, which wants CAP_SYS_RESOURCE");

static void kid(void *arg)
{
	checkpoint_and_restore();
	ok_eq(getuid(), 0);
	ok_sys(setuid(4712));
}

void test(void)
{
	pid_t pid = child(kid, NULL);
	uid_t r, e, s;

	ok_sys(setresgid(4711, 4711, 4711));
	ok_sys(setresuid(0, 4711, 0));
	checkpoint_and_restore();
	ok_sys(getresuid(&r, &e, &s));
	ok_eq(r, 0);
	ok_eq(e, 4711);
	ok_eq(s, 0);
	ok_eq(getegid(), 4711);
	ok_errno(chown(".", 1, 1), EPERM);
	ok_sys(seteuid(0));
	child_ok(pid);
}
