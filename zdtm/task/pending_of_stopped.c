// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a signal that came to a stopped task waits there, and is taken when it continues",
     .peer = "restore: it lets the handler begin before the task stops");

static void on_usr1(int sig)
{
	_exit(21);
}

static void one(void *arg)
{
	signal(SIGUSR1, on_usr1);
	checkpoint_and_restore();
}

void test(void)
{
	pid_t pid = child(one, NULL);
	int status;

	ok_sys(kill(pid, SIGSTOP));
	ok_eq(waitpid(pid, &status, WUNTRACED), pid);
	ok_sys(kill(pid, SIGUSR1));
	checkpoint_and_restore();
	wait_state(pid, 'T');
	ok_sys(kill(pid, SIGCONT));
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 21 << 8);
}
