/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/attend.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "criu/image/options.h"

/* A command starts with the signals that we were started with, not with what we block. */
static int become_command(char *const *argv)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], argv);
	return err_path(argv[0], -errno, "execute this command");
}

static int wait_for(pid_t root)
{
	int r, status;

	do
		r = neg_errno(waitpid(root, &status, 0));
	while (r == -EINTR);
	if (r < 0)
		return err_task(root, r, "wait for it to end");

	if (WIFSIGNALED(status))
		pr_info("pid %d: ended by signal %d (SIG%s)", root, WTERMSIG(status),
			sigabbrev_np(WTERMSIG(status)) ?: "?");
	else
		pr_info("pid %d: ended with status %d", root, WEXITSTATUS(status));
	return 0;
}

int attend(const struct options *o, pid_t root)
{
	if (o->exec_cmd)
		return become_command(o->exec_argv);
	if (o->restore_detached)
		return 0;
	return wait_for(root);
}
