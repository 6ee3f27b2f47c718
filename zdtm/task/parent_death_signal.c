// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "the signal a task gets when its parent dies");

static int report;

static void grandchild(void *arg)
{
	int sig = 0, got;
	sigset_t set;

	ok_sys(prctl(PR_SET_PDEATHSIG, SIGUSR2));
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	checkpoint_and_restore();
	ok_sys(prctl(PR_GET_PDEATHSIG, &sig));
	ok_eq(sig, SIGUSR2);
	ok_zero(sigwait(&set, &got));
	ok_eq(write(report, "d", 1), 1);
}

static void parent(void *arg)
{
	pid_t pid = child(grandchild, NULL);

	checkpoint_and_restore();
	kill(pid, SIGTERM);
}

void test(void)
{
	int p[2], sig = 1;
	pid_t pid;
	char c;

	ok_sys(pipe(p));
	report = p[1];
	pid = child(parent, NULL);
	close(p[1]);
	checkpoint_and_restore();
	ok_sys(prctl(PR_GET_PDEATHSIG, &sig));
	ok_eq(sig, 0);
	child_ok(pid);
	ok_eq(read(p[0], &c, 1), 1);
}
