// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/ioctl.h>
#include <termios.h>

TEST(.does = "the controlling terminal of a child's session, its foreground group, and the interrupt key");

static int m;
static char name[64];

static void kid(void *arg)
{
	sigset_t set;
	int s, sig;

	ok_sys(setsid());
	s = ok_fd(open(name, O_RDWR));
	ok_sys(ioctl(s, TIOCSCTTY, 0));
	close(m);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	checkpoint_and_restore();
	ok_eq(tcgetsid(s), getpid());
	ok_eq(tcgetpgrp(s), getpid());
	ok_fd(open("/dev/tty", O_RDWR));
	ok_zero(sigwait(&set, &sig));
}

void test(void)
{
	pid_t pid;
	char c;

	m = posix_openpt(O_RDWR | O_NOCTTY);
	if (m < 0)
		skip("no pseudo terminals here: %s", strerror(errno));
	ok_zero(grantpt(m));
	ok_zero(unlockpt(m));
	strcpy(name, ptsname(m));
	pid = child(kid, NULL);
	checkpoint_and_restore();
	child_go(pid);
	/* ^C of the line discipline reaches the foreground group. */
	ok_eq(write(m, "\003", 1), 1);
	ok_eq(read(m, &c, 1), 1);
	child_ended(pid);
}
