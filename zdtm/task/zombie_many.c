// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "60 zombies, some of dead groups and sessions of their own, keep their statuses");

enum { N = 60 };

void test(void)
{
	pid_t pid[N];
	int status;

	for (int i = 0; i < N; i++) {
		pid[i] = ok_sys(fork());
		if (!pid[i]) {
			if (i % 3 == 1)
				setpgid(0, 0);
			if (i % 3 == 2)
				setsid();
			if (i % 2)
				kill(getpid(), SIGKILL);
			_exit(i);
		}
	}
	for (int i = 0; i < N; i++)
		wait_state(pid[i], 'Z');
	checkpoint_and_restore();
	for (int i = N - 1; i >= 0; i--) {
		ok_eq(waitpid(pid[i], &status, 0), pid[i]);
		ok_eq(status, i % 2 ? SIGKILL : i << 8);
	}
}
