// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/prctl.h>

TEST(.does = "process and threads keep their names, odd characters too");

static void one(void *arg)
{
	char got[16];

	ok_sys(prctl(PR_SET_NAME, "th)re ad\n(\xff"));
	thread_wait();
	ok_sys(prctl(PR_GET_NAME, got));
	ok_str(got, "th)re ad\n(\xff");
}

void test(void)
{
	pthread_t t;
	char got[16];

	ok_sys(prctl(PR_SET_NAME, "fifteen letters"));
	t = thread(one, NULL);
	checkpoint_and_restore();
	ok_sys(prctl(PR_GET_NAME, got));
	ok_str(got, "fifteen letters");
	threads_go();
	thread_ok(t);
}
