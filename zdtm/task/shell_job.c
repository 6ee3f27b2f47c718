// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <termios.h>

TEST(.does = "a job in the session and on the terminal of another program, which is not dumped (--shell-job)",
     .outside = "terminal",
     .opts = "--shell-job",
     .may_differ = "pgrp,tpgid: the job may get the group of the restoring criu, and the foreground");

void test(void)
{
	pid_t sid = getsid(0);

	ok_ne(sid, getpid());
	ok(isatty(0));
	checkpoint_and_restore();
	ok_eq(getsid(0), sid);
	ok(isatty(0));
	ok_eq(tcgetsid(0), sid);
	ok_fd(open("/dev/tty", O_RDWR));
}
