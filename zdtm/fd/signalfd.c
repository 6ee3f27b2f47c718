// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/signalfd.h>

TEST(.does = "a signalfd keeps its mask; a signal that waits can be read, and a new one too");

void test(void)
{
	struct signalfd_siginfo si;
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMIN + 9);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = ok_fd(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
	ok_sys(sigqueue(getpid(), SIGRTMIN + 9, (union sigval){ .sival_int = 55 }));
	checkpoint_and_restore();
	ok_eq(read(fd, &si, sizeof(si)), sizeof(si));
	ok_eq(si.ssi_signo, SIGRTMIN + 9);
	ok_eq(si.ssi_int, 55);
	ok_errno(read(fd, &si, sizeof(si)), EAGAIN);
	raise(SIGUSR1);
	ok_eq(read(fd, &si, sizeof(si)), sizeof(si));
	ok_eq(si.ssi_signo, SIGUSR1);
}
