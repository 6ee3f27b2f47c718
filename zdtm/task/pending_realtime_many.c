// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "1500 queued real-time signals keep their order and values");

enum { N = 1500 };

void test(void)
{
	struct timespec none = {};
	sigset_t set;
	siginfo_t si;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigaddset(&set, SIGRTMAX);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < N; i++) {
		union sigval v = { .sival_int = i * 3 };

		ok_sys(sigqueue(getpid(), i % 2 ? SIGRTMIN : SIGRTMAX, v));
	}
	checkpoint_and_restore();
	for (int i = 1; i < N; i += 2) {
		ok_eq(sigtimedwait(&set, &si, &none), SIGRTMIN);
		ok_eq(si.si_value.sival_int, i * 3);
	}
	for (int i = 0; i < N; i += 2) {
		ok_eq(sigtimedwait(&set, &si, &none), SIGRTMAX);
		ok_eq(si.si_value.sival_int, i * 3);
	}
	ok_errno(sigtimedwait(&set, &si, &none), EAGAIN);
}
