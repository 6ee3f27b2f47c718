// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run from inside: we are pid 1 of a pid namespace, so all orphans come to us, and nothing of
 * the run outlives us. We start the test, wait until it is set up, hand over to act(), and take
 * the verdict of the test from its exit status.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <dirent.h>
#include <unistd.h>

int verdict(struct run *r, int v, const char *fmt, ...)
{
	char *path;
	va_list ap;
	FILE *f;

	if (asprintf(&path, "%s/reason", r->dir) < 0)
		return v;
	f = fopen(path, "we");
	free(path);
	if (!f)
		return v;
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	fclose(f);
	return v;
}

static long clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int poll_until(int fd, long end)
{
	struct pollfd pf = { .fd = fd, .events = POLLIN };
	long left = end - clock_ms();
	int r;

	if (left <= 0)
		return -ETIMEDOUT;
	r = poll(&pf, 1, (int)left);
	return r < 0 && errno != EINTR ? -errno : r == 0 ? -ETIMEDOUT : 0;
}

static void drain(int fd)
{
	char buf[4096];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

/* Reap whoever has ended; true when @pid was among them. */
static bool reap(struct stage *s, pid_t pid, int *ret_status)
{
	bool seen = false;
	int status;
	pid_t r;

	while ((r = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		if (r == s->root) {
			s->root_ended = true;
			s->root_status = status;
		}
		if (r == pid) {
			*ret_status = status;
			seen = true;
			break;
		}
	}
	return seen;
}

int stage_wait(struct stage *s, pid_t pid, int ms, int *ret_status)
{
	long end = clock_ms() + ms;
	int r;

	if (pid == s->root && s->root_ended) {
		*ret_status = s->root_status;
		return 0;
	}
	while (!reap(s, pid, ret_status)) {
		r = poll_until(s->sigchld, end);
		if (r < 0)
			return r;
		drain(s->sigchld);
	}
	return 0;
}

int stage_reap_all(struct stage *s, pid_t except, int ms)
{
	long end = clock_ms() + ms;
	int status, r;

	for (;;) {
		pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);

		if (pid > 0) {
			if (pid == s->root) {
				s->root_ended = true;
				s->root_status = status;
			}
			continue;
		}
		if (pid < 0)
			return errno == ECHILD ? 0 : -errno;
		if (except && !kill(except, 0))
			return 0;
		r = poll_until(s->sigchld, end);
		if (r < 0)
			return r;
		drain(s->sigchld);
	}
}

static bool out_has(const struct stage *s, const char *line)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = fopen(s->out, "re");
	bool has = false;

	if (!f)
		return false;
	while (!has && getline(&text, &size, f) > 0)
		has = strstr(text, line) != NULL;
	free(text);
	fclose(f);
	return has;
}

int stage_wait_line(struct stage *s, const char *line, int ms)
{
	long end = clock_ms() + ms;
	int status;

	while (!out_has(s, line)) {
		struct pollfd pf[] = { { s->inotify, POLLIN, 0 }, { s->sigchld, POLLIN, 0 } };
		long left = end - clock_ms();

		if (left <= 0)
			return -ETIMEDOUT;
		poll(pf, 2, (int)left);
		drain(s->inotify);
		drain(s->sigchld);
		if (reap(s, s->root, &status) || s->root_ended)
			return out_has(s, line) ? 0 : -ESRCH;
	}
	return 0;
}

static void explain_file(FILE *to, int pid, const char *name, const char *only)
{
	char path[64], line[512];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	f = fopen(path, "re");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		for (char *c = line; *c; c++)
			if (*c == '\t')
				*c = ' ';
		if (!only || strstr(only, (char[]){ line[0], line[1], line[2], line[3], 0 }))
			fprintf(to, "  %d/%s: %s\n", pid, name, line);
	}
	fclose(f);
}

void stage_explain(FILE *to)
{
	DIR *d = opendir("/proc");
	struct dirent *e;

	while (d && (e = readdir(d))) {
		int pid = atoi(e->d_name);

		if (pid <= 1)
			continue;
		explain_file(to, pid, "status", "Name Stat PPid Trac SigP ShdP");
		explain_file(to, pid, "wchan", NULL);
		explain_file(to, pid, "syscall", NULL);
		explain_file(to, pid, "stack", NULL);
	}
	if (d)
		closedir(d);
}

/* --- start -------------------------------------------------------------------------------------- */

static int own_proc(void)
{
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	if (mount("proc", "/proc", "proc", 0, NULL) < 0)
		return -errno;
	/* Own numbers of pseudo terminals. /dev/ptmx takes the instance that it finds beside itself. */
	(void)mkdir("/dev/pts", 0755);
	(void)mount("devpts", "/dev/pts", "devpts", 0, "mode=620,ptmxmode=666");	/* else tests skip */
	return 0;
}

static bool is_outside(const struct test *t, const char *what)
{
	return t->outside && !strcmp(t->outside, what);
}

static int move_fd(int fd, int to)
{
	if (fd == to)
		return fcntl(fd, F_SETFD, 0);
	return dup2(fd, to);
}

/* A terminal of our own, for a test that shares it and our session, as a job shares those of its shell. */
static int take_terminal(struct stage *s)
{
	int slave;

	if (setsid() < 0)
		return -errno;
	s->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (s->master < 0 || grantpt(s->master) < 0 || unlockpt(s->master) < 0)
		return -errno;
	slave = open(ptsname(s->master), O_RDWR | O_CLOEXEC);	/* becomes the controlling one */
	return slave < 0 ? -errno : slave;
}

/* A runner that nohup or a shell started in the background has SIGHUP, SIGINT and SIGQUIT ignored; its tests must not. */
static void default_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig <= SIGRTMAX; sig++)
		(void)signal(sig, SIG_DFL);	/* fails for SIGKILL, SIGSTOP and those of libc */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child that becomes the test. Errors go where the test's own would go. */
static void become_test(const struct run *r, const char *program, int out, int in)
{
	char *const argv[] = { (char *)program, NULL };
	char *const env[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "ZDTM=1",
			      "LC_ALL=C", NULL };
	char *task;

	if (is_outside(r->t, "terminal"))
		setpgid(0, 0);
	else
		setsid();
	move_fd(in, 0);
	move_fd(out, 1);
	move_fd(out, 2);
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
	default_signals();
	if (asprintf(&task, "%s/task", r->dir) < 0 || chdir(task) < 0)
		_exit(126);
	free(task);
	umask(022);
	if (r->as == AS_USER) {
		if (setgroups(0, NULL) < 0 || setresgid(TEST_UID, TEST_UID, TEST_UID) < 0 ||
		    setresuid(TEST_UID, TEST_UID, TEST_UID) < 0) {
			dprintf(2, "cannot become user %d: %s\n", TEST_UID, strerror(errno));
			_exit(126);
		}
	}
	if (r->t->is_script) {
		setenv("LC_ALL", "C", 1);
		script_exec(r->t);
	}
	execve(program, argv, env);
	dprintf(2, "cannot run %s: %s\n", program, strerror(errno));
	_exit(126);
}

static int start_test(struct stage *s)
{
	struct run *r = s->r;
	char *task, *program = reach(r, r->t->path, "program");
	int out, in;

	if (!program)
		return -errno;
	if (asprintf(&task, "%s/task", r->dir) < 0 || asprintf(&s->out, "%s/out", r->dir) < 0)
		return -ENOMEM;
	out = open(s->out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	in = is_outside(r->t, "terminal") ? take_terminal(s) : open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (out < 0 || in < 0 || mkdir(task, 0755) < 0)
		return -errno;
	if (r->as == AS_USER && (chown(task, TEST_UID, TEST_UID) < 0 || fchown(out, TEST_UID, TEST_UID) < 0))
		return -errno;
	free(task);
	s->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (s->inotify < 0 || inotify_add_watch(s->inotify, s->out, IN_MODIFY) < 0)
		return -errno;
	s->root = fork();
	if (s->root < 0)
		return -errno;
	if (!s->root)
		become_test(r, program, out, in);
	free(program);
	s->output = out;
	/* The terminal stays open here: it is also that of criu, which takes it from its own stdin. */
	if (is_outside(r->t, "terminal"))
		s->terminal = in;
	else
		close(in);
	return 0;
}

/* The last line of the output that starts so, without its head. */
static void last_line(const struct stage *s, const char *head, char *buf, size_t size)
{
	char *text = NULL;
	size_t cap = 0;
	FILE *f = fopen(s->out, "re");

	buf[0] = 0;
	while (f && getline(&text, &cap, f) > 0)
		if (!strncmp(text, head, strlen(head))) {
			text[strcspn(text, "\n")] = 0;
			snprintf(buf, size, "%s", text + strlen(head));
		}
	free(text);
	if (f)
		fclose(f);
}

static int by_status(struct stage *s, int status)
{
	char line[400];

	if (WIFSIGNALED(status))
		return verdict(s->r, FAIL, "the test died of signal %d (%s)", WTERMSIG(status),
			       strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) == SKIP) {
		last_line(s, "zdtm: skip: ", line, sizeof(line));
		return verdict(s->r, SKIP, "%s", strchr(line, ' ') ? strchr(line, ' ') + 1 : line);
	}
	if (!WEXITSTATUS(status))
		return PASS;
	last_line(s, "zdtm: fail: ", line, sizeof(line));
	return verdict(s->r, FAIL, "%s", *line ? line : "exit status without a word");
}

static int finish_test(struct stage *s)
{
	int status;

	if (kill(s->root, SIGTERM) < 0)
		return verdict(s->r, FAIL, "the root task is gone");
	if (stage_wait(s, s->root, s->r->t->seconds * 1000, &status) < 0) {
		stage_explain(stdout);
		return verdict(s->r, FAIL, "the test does not end in %d s after the restore", s->r->t->seconds);
	}
	return by_status(s, status);
}

int stage_run(struct run *r)
{
	struct stage s = { .r = r };
	sigset_t mask;
	int v, e;

	if (chdir(r->dir) < 0 || !freopen("log", "a", stdout))
		return verdict(r, FAIL, "%s: %s", r->dir, strerror(errno));
	setvbuf(stdout, NULL, _IOLBF, 0);
	dup2(1, 2);
	e = own_proc();
	if (e < 0)
		return verdict(r, FAIL, "cannot mount /proc: %s", strerror(-e));
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	s.sigchld = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	e = start_test(&s);
	if (e < 0)
		return verdict(r, FAIL, "cannot start the test: %s", strerror(-e));

	e = stage_wait_line(&s, "zdtm: ready", r->t->seconds * 1000);
	if (e == -ESRCH)
		return by_status(&s, s.root_status) == SKIP ? SKIP :
		       WIFEXITED(s.root_status) && !WEXITSTATUS(s.root_status) ?
			       verdict(r, FAIL, "ended without a checkpoint_and_restore()") : FAIL;
	if (e < 0) {
		stage_explain(stdout);
		return verdict(r, FAIL, "not ready after %d s", r->t->seconds);
	}
	/* We saw the line when it was in the file; write() moves the position after that, under the lock that this takes. */
	(void)lseek(s.output, 0, SEEK_CUR);
	close(s.output);
	if (r->t->is_script) {
		v = script_act(&s);
		fflush(stdout);
		return v;
	}
	if (!r->o->undisturbed) {
		v = act(&s);
		if (v != PASS)
			return v;
	}
	v = finish_test(&s);
	fflush(stdout);
	return v;
}
