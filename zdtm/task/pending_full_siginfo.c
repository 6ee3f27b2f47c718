// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a queued siginfo comes back whole: code, errno and all the kernel holds of its union");

struct raw {
	int signo, err, code;
	unsigned char rest[116];
};

static long queue_raw(int sig, const struct raw *r)
{
	return syscall(SYS_rt_sigqueueinfo, getpid(), sig, r);
}

void test(void)
{
	struct timespec none = {};
	static const int codes[] = { -1, -3, -4, -5, -60, -50 };
	struct raw r, got;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 5);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 6; i++) {
		/* The kernel holds 48 bytes, and of a code it does not know refuses more. */
		memset(&r, 0, sizeof(r));
		pattern(&r, 48, i);
		r.signo = SIGRTMIN + 5;
		r.err = 90 + i;
		r.code = codes[i];
		ok_sys(queue_raw(SIGRTMIN + 5, &r));
	}
	checkpoint_and_restore();
	for (int i = 0; i < 6; i++) {
		pattern(&r, 48, i);
		memset(&got, 0, sizeof(got));
		ok_eq(syscall(SYS_rt_sigtimedwait, &set, &got, &none, 8), SIGRTMIN + 5);
		ok_eq(got.code, codes[i]);
		ok_eq(got.err, 90 + i);
		ok_mem(got.rest, r.rest, 36);
	}
}
