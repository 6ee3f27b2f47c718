// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a ring of children with pipes from each to the next, and bytes on the way");

enum { N = 8 };

static int p[N][2];

static void kid(void *arg)
{
	int nr = *(int *)arg;
	char c = 0;

	for (int i = 0; i < N; i++) {
		if (i != nr)
			close(p[i][0]);
		if (i != (nr + 1) % N)
			close(p[i][1]);
	}
	ok_eq(write(p[(nr + 1) % N][1], &"abcdefgh"[nr], 1), 1);
	checkpoint_and_restore();
	ok_eq(read(p[nr][0], &c, 1), 1);
	ok_eq(c, "habcdefg"[nr]);
	close(p[(nr + 1) % N][1]);
	/* The end of file comes only if nobody else got the other end. */
	ok_eq(read(p[nr][0], &c, 1), 0);
}

void test(void)
{
	pid_t pid[N];

	for (int i = 0; i < N; i++)
		ok_sys(pipe(p[i]));
	for (int i = 0; i < N; i++)
		pid[i] = child(kid, &i);
	for (int i = 0; i < N; i++) {
		close(p[i][0]);
		close(p[i][1]);
	}
	checkpoint_and_restore();
	for (int i = 0; i < N; i++)
		child_go(pid[i]);
	for (int i = 0; i < N; i++)
		child_ended(pid[i]);
}
