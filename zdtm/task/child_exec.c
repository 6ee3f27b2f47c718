// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a child that has exec()ed keeps the new program's memory, name, arguments and signals");

void test(void)
{
	char *const argv[] = { "new-name", "arg one", "arg two", NULL };
	char *const envp[] = { "A=1", "ZDTM_INNER=1", NULL };
	int status, p[2];
	char c;
	pid_t pid;

	if (getenv("ZDTM_INNER")) {
		ok_eq(write(5, "", 1), 1);
		close(5);
		wait_for_word();
		ok_str(proc_read("/proc/self/cmdline"), "new-name");
		ok_str(getenv("A"), "1");
		ok(sigaction(SIGUSR1, NULL, NULL) == 0);
		_exit(11);
	}
	ok_sys(pipe(p));
	pid = ok_sys(fork());
	if (!pid) {
		signal(SIGUSR1, SIG_IGN);
		if (p[1] != 5)
			ok_sys(dup2(p[1], 5));
		for (int fd = 3; fd < 10; fd++)
			if (fd != 5)
				close(fd);
		execve("/proc/self/exe", argv, envp);
		_exit(126);
	}
	close(p[1]);
	ok_eq(read(p[0], &c, 1), 1);
	ok_eq(read(p[0], &c, 1), 0); /* it has closed its end */
	close(p[0]);
	wait_asleep(pid);
	checkpoint_and_restore();
	child_go(pid);
	ok_eq(waitpid(pid, &status, 0), pid);
	ok_eq(status, 11 << 8);
}
