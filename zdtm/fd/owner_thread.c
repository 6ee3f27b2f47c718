// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a descriptor owned by one thread, and one by a task that is gone",
     .peer = "restore: it cannot give a descriptor to a thread that does not exist yet");

static pid_t tid;

static void one(void *arg)
{
	tid = gettid_();
	thread_wait();
}

void test(void)
{
	struct f_owner_ex own = { .type = F_OWNER_TID }, got;
	pthread_t t = thread(one, NULL);
	int p[2];
	pid_t pid;

	ok_sys(pipe(p));
	own.pid = tid;
	ok_sys(fcntl(p[0], F_SETOWN_EX, &own));
	pid = ok_sys(fork());
	if (!pid)
		_exit(0);
	ok_sys(fcntl(p[1], F_SETOWN, pid));
	ok_eq(waitpid(pid, NULL, 0), pid);
	checkpoint_and_restore();
	ok_sys(fcntl(p[0], F_GETOWN_EX, &got));
	ok_eq(got.type, F_OWNER_TID);
	ok_eq(got.pid, tid);
	ok_eq(fcntl(p[1], F_GETOWN), 0);
	threads_go();
	thread_ok(t);
}
