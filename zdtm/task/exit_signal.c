// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sched.h>

/* The image format has no exit signal, so a restored child would use SIGCHLD, silently. */
TEST(.does = "a child made with another exit signal than SIGCHLD is refused by name",
     .refused = "exit signal",
     .peer = "dump: it does not save it, and its restore makes the child with SIGCHLD");

static volatile sig_atomic_t got;

static void on_usr1(int sig)
{
	got++;
}

void test(void)
{
	sigset_t usr1, old;
	pid_t pid;
	int status;

	signal(SIGUSR1, on_usr1);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &old);
	pid = ok_sys((pid_t)syscall(SYS_clone, SIGUSR1, NULL, NULL, NULL, NULL));
	if (!pid) {
		wait_for_word();
		_exit(1);
	}
	checkpoint_and_restore();
	kill(pid, SIGTERM);
	ok_eq(waitpid(pid, &status, __WCLONE), pid);
	ok_eq(status, 1 << 8);
	sigprocmask(SIG_SETMASK, &old, NULL);
	ok_eq(got, 1);
}
