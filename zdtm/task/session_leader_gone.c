// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "a session outlives its leader; its members keep session and group",
     .peer = "restore: it gives the member to the init of the pid namespace");

static void member(void *arg)
{
	pid_t sid = getsid(0), group = getpgrp();

	ok_eq(sid, *(pid_t *)arg);
	checkpoint_and_restore();
	ok_eq(getsid(0), sid);
	ok_eq(getpgrp(), group);
}

static int report;

static void leader(void *arg)
{
	pid_t sid = ok_sys(setsid()), pid;

	pid = child(member, &sid);
	ok_eq(write(report, &pid, sizeof(pid)), sizeof(pid));
	checkpoint_and_restore();
}

void test(void)
{
	pid_t lead, pid;
	int p[2];

	ok_sys(prctl(PR_SET_CHILD_SUBREAPER, 1));
	ok_sys(pipe(p));
	report = p[1];
	lead = child(leader, NULL);
	ok_eq(read(p[0], &pid, sizeof(pid)), sizeof(pid));
	close(p[0]);
	close(p[1]);
	child_ok(lead);
	checkpoint_and_restore();
	ok_eq(getsid(pid), lead);
	child_ok(pid);
}
