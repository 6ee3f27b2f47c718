/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/script.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/image/options.h"

extern char **environ;

const char *hook_name(enum hook h)
{
	static const char *const names[] = {
		[HOOK_PRE_DUMP] = "pre-dump",
		[HOOK_NETWORK_LOCK] = "network-lock",
		[HOOK_POST_DUMP] = "post-dump",
		[HOOK_NETWORK_UNLOCK] = "network-unlock",
		[HOOK_PRE_RESTORE] = "pre-restore",
		[HOOK_SETUP_NAMESPACES] = "setup-namespaces",
		[HOOK_POST_SETUP_NAMESPACES] = "post-setup-namespaces",
		[HOOK_POST_RESTORE] = "post-restore",
		[HOOK_PRE_RESUME] = "pre-resume",
		[HOOK_POST_RESUME] = "post-resume",
	};

	return names[h];
}

/* The three variables a script gets on top of our own environment. */
struct script_env {
	char action[64], image_dir[64], root_pid[64];
	char **envp;
};

static bool is_script_variable(const char *s)
{
	return !strncmp(s, "CRTOOLS_", strlen("CRTOOLS_"));
}

/* Built before the fork: between fork and exec nothing may allocate or setenv. */
static int env_make(struct script_env *env, const struct options *o, enum hook h, pid_t root_pid)
{
	size_t n = 0, k = 0;

	while (environ[n])
		n++;
	env->envp = calloc(n + 4, sizeof(*env->envp));
	if (!env->envp)
		return -ENOMEM;

	for (size_t i = 0; i < n; i++)
		if (!is_script_variable(environ[i]))
			env->envp[k++] = environ[i];

	snprintf(env->action, sizeof(env->action), "CRTOOLS_SCRIPT_ACTION=%s", hook_name(h));
	snprintf(env->image_dir, sizeof(env->image_dir), "CRTOOLS_IMAGE_DIR=/proc/%d/fd/%d",
		 getpid(), o->images_fd);
	env->envp[k++] = env->action;
	env->envp[k++] = env->image_dir;
	if (root_pid) {
		snprintf(env->root_pid, sizeof(env->root_pid), "CRTOOLS_INIT_PID=%d", root_pid);
		env->envp[k++] = env->root_pid;
	}
	return 0;
}

/* In the child. A signal mask survives exec; a script must be able to get SIGCHLD. */
static void become(const char *path, char **envp, int report_fd)
{
	char *argv[] = { (char *)path, NULL };
	sigset_t none;
	int err;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	execve(path, argv, envp);
	err = errno;
	if (write(report_fd, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(127);
}

/* Start @path; a failing exec is told apart from a script which ends with 127. */
static int start(const char *path, char **envp, pid_t *ret_pid)
{
	autofd int told = -1, tell = -1;
	int p[2], err = 0;
	pid_t pid;

	if (pipe2(p, O_CLOEXEC) < 0)
		return -errno;
	told = p[0];
	tell = p[1];

	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		become(path, envp, tell);

	close(take_fd(&tell));
	if (read(told, &err, sizeof(err)) == sizeof(err)) {
		waitpid(pid, NULL, 0);
		return -err;
	}
	*ret_pid = pid;
	return 0;
}

static int run_one(const char *path, enum hook h, char **envp)
{
	int r, status;
	pid_t pid = 0;

	pr_debug("%s: run it for %s", path, hook_name(h));

	r = start(path, envp, &pid);
	if (r < 0)
		return err_path(path, r, "run this action script for %s", hook_name(h));

	do
		r = neg_errno(waitpid(pid, &status, 0));
	while (r == -EINTR);
	if (r < 0)
		return err_path(path, r, "wait for this action script");

	if (WIFSIGNALED(status)) {
		pr_err("%s: this action script was killed by signal %d (SIG%s) at %s", path,
		       WTERMSIG(status), sigabbrev_np(WTERMSIG(status)) ?: "?", hook_name(h));
		return -ECANCELED;
	}
	if (WEXITSTATUS(status)) {
		pr_err("%s: this action script ended with status %d at %s", path,
		       WEXITSTATUS(status), hook_name(h));
		return -ECANCELED;
	}
	return 0;
}

int script_run(const struct options *o, enum hook h, pid_t root_pid)
{
	struct script_env env = {};
	int r, failed = 0;

	if (!o->action_scripts.n)
		return 0;

	r = env_make(&env, o, h, root_pid);
	if (r < 0)
		return err_any(r, "build the environment of the action scripts");

	for (size_t i = 0; i < o->action_scripts.n; i++)
		if (run_one(o->action_scripts.v[i], h, env.envp) < 0)
			failed++;
	free(env.envp);

	return failed ? -ECANCELED : 0;
}
