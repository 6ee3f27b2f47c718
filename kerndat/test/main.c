/* SPDX-License-Identifier: LGPL-2.1-only */
/* Runs the tests named on the command line, or all: a line a test, and a count. */
#include "kerndat/test/test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/own.h"
#include "base/proc.h"

void private_tmpfs(const char *dir)
{
	static int done;

	if (!done && (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0))
		skip("no mount namespace: %s", strerror(errno));
	done = 1;
	ok(mount("kerndat-test", dir, "tmpfs", 0, "mode=1777") == 0, "%s: %s", dir, strerror(errno));
}

/* A child ends by itself, as one whose parent or tracer is gone has to: soon, but not at once. */
static int ends_by_itself(pid_t pid)
{
	autofd int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return fd >= 0 && poll(&p, 1, 10000) == 1;
}

/* What a test has left becomes ours, as the subreaper. How many of them would have stayed. */
static int end_leftovers(void)
{
	autofd int proc = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int left = 0;

	for (;;) {
		siginfo_t info = { 0 };
		autofree pid_t *pids = NULL;
		size_t n = 0;

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0 && errno == ECHILD)
			return left;
		/* Without CONFIG_PROC_CHILDREN nobody can be named. */
		if (proc_read_children(proc, getpid(), &pids, &n) < 0)
			return left;
		for (size_t i = 0; i < n; i++) {
			if (!ends_by_itself(pids[i])) {
				(void)kill(pids[i], SIGKILL);
				left++;
			}
			while (waitpid(pids[i], NULL, __WALL) < 0 && errno == EINTR)
				;
		}
	}
}

static int run(const char *name, void (*fn)(void))
{
	int status, left;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return 1;
	if (pid == 0) {
		alarm(120);
		if (fn)
			fn();
		else
			world_test(name);
		exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	left = end_leftovers();
	if (left) {
		fprintf(stderr, "%s: %d processes are left behind\n", name, left);
		return 1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int is_wanted(const char *name, char **names, int count)
{
	for (int i = 0; i < count; i++)
		if (strstr(name, names[i]))
			return 1;
	return !count;
}

struct score {
	int passed, failed, skipped;
};

static void run_one(const char *prefix, const char *name, void (*fn)(void), char **wanted, int count, struct score *s)
{
	char full[64];
	int r;

	snprintf(full, sizeof(full), "%s%s", prefix, name);
	if (!is_wanted(full, wanted, count))
		return;
	r = run(name, fn);
	printf("%s kerndat %s\n", r == 0 ? "PASS" : r == 77 ? "SKIP" : "FAIL", full);
	*(r == 0 ? &s->passed : r == 77 ? &s->skipped : &s->failed) += 1;
}

/*
 * Tests by name, all; or `--worlds`, their names; or `--in WORLD PROGRAM...`, a program run in a world; or `--warm`, the time
 * of a warm start.
 */
int main(int argc, char **argv)
{
	const struct test *const groups[] = { table_tests, cache_tests, ask_tests, warm_tests };
	struct score s = { 0 };

	log_init(2, LOG_MSG);
	unsetenv("KERNDAT_MASK");
	if (argc > 3 && !strcmp(argv[1], "--in"))
		return world_exec(argv[2], argv + 3);
	if (argc == 2 && !strcmp(argv[1], "--worlds")) {
		for (int i = 0; world_name(i); i++)
			puts(world_name(i));
		return 0;
	}

	if (argc == 2 && !strcmp(argv[1], "--warm")) {
		warm_time();
		return 0;
	}

	(void)prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct test *t = groups[g]; t->name; t++)
			run_one("", t->name, t->fn, argv + 1, argc - 1, &s);
	for (int i = 0; world_name(i); i++)
		run_one("world_", world_name(i), NULL, argv + 1, argc - 1, &s);
	printf("%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped);
	return s.failed ? 1 : 0;
}
