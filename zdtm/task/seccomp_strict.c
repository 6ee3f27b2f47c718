// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"
#include "seccomp.h"

TEST(.does = "strict seccomp: read, write and exit, and death for everything else");

/* Such a task cannot wait for a signal; it waits for a byte. */
static int go, answer;

static void kid(void *arg)
{
	char c = 0;

	child_ready();
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	if (read(go, &c, 1) == 1)
		(void)!write(answer, &c, 1);
	if (read(go, &c, 1) == 1)
		getppid();
	syscall(SYS_exit, 3);
}

void test(void)
{
	int a[2], b[2], status;
	pid_t pid;
	char c;

	ok_sys(pipe(a));
	ok_sys(pipe(b));
	go = a[0];
	answer = b[1];
	pid = child(kid, NULL);
	do
		wait_asleep(pid);
	while (atoi(proc_field("Seccomp", "/proc/%d/status", pid)) != 1);
	checkpoint_and_restore();
	ok_eq(write(a[1], "q", 1), 1);
	ok_eq(read(b[0], &c, 1), 1);
	ok_eq(c, 'q');
	ok_eq(write(a[1], "r", 1), 1);
	ok_eq(waitpid(pid, &status, 0), pid);
	ok(WIFSIGNALED(status));
	ok_eq(WTERMSIG(status), SIGKILL);
}
