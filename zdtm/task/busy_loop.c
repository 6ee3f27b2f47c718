// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "tasks that compute all the time go on to compute right");

/* A sum that depends on every step before it: one lost or doubled step shows. */
static void loop(void *arg)
{
	uint64_t a = 1, b = 2, c = 3, d = 4, steps = 0;
	sigset_t word, pending;

	child_ready();
	sigemptyset(&word);
	for (;;) {
		a = a * 6364136223846793005ull + 1442695040888963407ull;
		b += a ^ (b << 7);
		c = (c ^ a) * 3 + 1;
		d = d * 5 + 1;
		if (++steps % 4096 == 0) {
			sigpending(&pending);
			if (sigismember(&pending, SIGTERM))
				break;
		}
	}
	uint64_t a2 = 1, b2 = 2, c2 = 3, d2 = 4;
	for (uint64_t i = 0; i < steps; i++) {
		a2 = a2 * 6364136223846793005ull + 1442695040888963407ull;
		b2 += a2 ^ (b2 << 7);
		c2 = (c2 ^ a2) * 3 + 1;
		d2 = d2 * 5 + 1;
	}
	ok_eq(a, a2);
	ok_eq(b, b2);
	ok_eq(c, c2);
	ok_eq(d, d2);
}

void test(void)
{
	pid_t pid = child(loop, NULL);

	checkpoint_and_restore();
	child_ok(pid);
}
