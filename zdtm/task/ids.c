// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/fsuid.h>

TEST(.does = "real, effective, saved and file system ids of user and group, all different", .as = ROOT,
     .peer = "dump: it reads the limits of a task of another user by prlimit alone, which wants CAP_SYS_RESOURCE");

void test(void)
{
	uid_t r, e, s;
	gid_t rg, eg, sg;

	ok_sys(setresgid(21, 22, 23));
	setfsgid(24);
	ok_sys(setresuid(11, 0, 13));
	setfsuid(14);
	checkpoint_and_restore();
	ok_sys(getresuid(&r, &e, &s));
	ok_sys(getresgid(&rg, &eg, &sg));
	ok_eq(r, 11);
	ok_eq(e, 0);
	ok_eq(s, 13);
	ok_eq(setfsuid(-1), 14);
	ok_eq(rg, 21);
	ok_eq(eg, 22);
	ok_eq(sg, 23);
	ok_eq(setfsgid(-1), 24);
}
