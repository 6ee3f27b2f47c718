// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/time.h>

TEST(.does = "signals that the kernel sent stay pending with its code: SIGCHLD, SIGPIPE, SIGALRM");

void test(void)
{
	struct timespec none = {};
	sigset_t set, chld, alrm;
	siginfo_t si;
	pid_t pid;
	int p[2];

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, NULL);

	pid = ok_sys(fork());
	if (!pid)
		_exit(33);
	wait_state(pid, 'Z');
	ok_sys(pipe(p));
	close(p[0]);
	ok_errno(write(p[1], "x", 1), EPIPE);
	struct itimerval soon = { .it_value.tv_usec = 1 };
	ok_sys(setitimer(ITIMER_REAL, &soon, NULL));
	do {
		sigpending(&alrm);
	} while (!sigismember(&alrm, SIGALRM));

	checkpoint_and_restore();
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	ok_eq(sigtimedwait(&chld, &si, &none), SIGCHLD);
	ok_eq(si.si_code, CLD_EXITED);
	ok_eq(si.si_pid, pid);
	ok_eq(si.si_status, 33);
	sigdelset(&set, SIGCHLD);
	ok_eq(sigtimedwait(&set, &si, &none), SIGPIPE);
	ok_eq(sigtimedwait(&set, &si, &none), SIGALRM);
	ok_eq(si.si_code, SI_KERNEL);
	ok_errno(sigtimedwait(&set, &si, &none), EAGAIN);
	ok_eq(waitpid(pid, NULL, 0), pid);
}
