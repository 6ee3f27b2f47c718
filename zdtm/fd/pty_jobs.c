// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/ioctl.h>
#include <termios.h>

TEST(.does = "a job in the foreground and one in the background of a terminal keep their groups and their places",
     .peer = "restore: it forks the members of a session before the leader has the terminal");

static int m, s;
static char name[64];

static void job(void *arg)
{
	ok_sys(setpgid(0, 0));
	checkpoint_and_restore();
	ok_eq(tcgetpgrp(s) == getpgrp(), *(bool *)arg);
}

static void shell(void *arg)
{
	bool yes = true, no = false;
	pid_t front, back;

	signal(SIGTTOU, SIG_IGN);
	ok_sys(setsid());
	s = ok_fd(open(name, O_RDWR));
	ok_sys(ioctl(s, TIOCSCTTY, 0));
	close(m);
	front = child(job, &yes);
	back = child(job, &no);
	ok_sys(tcsetpgrp(s, front));
	checkpoint_and_restore();
	ok_eq(tcgetpgrp(s), front);
	child_ok(front);
	child_ok(back);
}

void test(void)
{
	pid_t pid;

	m = posix_openpt(O_RDWR | O_NOCTTY);
	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(grantpt(m));
	ok_zero(unlockpt(m));
	strcpy(name, ptsname(m));
	pid = child(shell, NULL);
	checkpoint_and_restore();
	child_ok(pid);
}
