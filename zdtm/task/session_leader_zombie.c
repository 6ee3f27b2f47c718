// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "a zombie keeps leading a session in which others live",
     .peer = "restore: it gives the member to the init of the pid namespace");

static int report;

static void member(void *arg)
{
	pid_t sid = getsid(0);

	checkpoint_and_restore();
	ok_eq(getsid(0), sid);
}

static void leader(void *arg)
{
	pid_t pid;

	ok_sys(setsid());
	pid = child(member, NULL);
	ok_eq(write(report, &pid, sizeof(pid)), sizeof(pid));
	checkpoint_and_restore();
	_exit(3);
}

void test(void)
{
	pid_t lead, pid;
	int p[2], status;

	ok_sys(prctl(PR_SET_CHILD_SUBREAPER, 1));
	ok_sys(pipe(p));
	report = p[1];
	lead = child(leader, NULL);
	ok_eq(read(p[0], &pid, sizeof(pid)), sizeof(pid));
	close(p[0]);
	close(p[1]);
	child_go(lead);
	wait_state(lead, 'Z');
	checkpoint_and_restore();
	ok_eq(getsid(pid), lead);
	ok_eq(waitpid(lead, &status, 0), lead);
	ok_eq(status, 3 << 8);
	child_ok(pid);
}
