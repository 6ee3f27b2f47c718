// SPDX-License-Identifier: GPL-2.0-only
/* Calls of criu, with a time limit, a moment to be killed, or a fault; and what its logs say. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALL_MS 30000
#define MAX_ARGS 64

struct args {
	char *v[MAX_ARGS];
	int n;
};

static void arg(struct args *a, const char *text)
{
	if (a->n < MAX_ARGS - 1)
		a->v[a->n++] = strdup(text);
}

static void arg_words(struct args *a, const char *words)
{
	char *copy, *word, *save;

	if (!words)
		return;
	copy = strdup(words);
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		arg(a, word);
	free(copy);
}

/* Options that the test wrote while it ran: one word a line in task/opts.dump, task/opts.restore. */
static void arg_file(struct args *a, const struct run *r, const char *verb)
{
	char *path, *line = NULL;
	size_t size = 0;
	ssize_t n;
	FILE *f;

	if (asprintf(&path, "%s/task/opts.%s", r->dir, verb) < 0)
		return;
	f = fopen(path, "re");
	free(path);
	if (!f)
		return;
	while ((n = getline(&line, &size, f)) > 0) {
		line[strcspn(line, "\n")] = 0;
		arg(a, line);
	}
	free(line);
	fclose(f);
}

static void build_args(struct stage *s, const struct call *c, struct args *a)
{
	const struct test *t = s->r->t;
	/* Of a tree before a dump, with its options; of images before a restore, with its. */
	bool asks_tree = !strcmp(c->verb, "check"), asks_images = !strcmp(c->verb, "check-images");
	bool is_dump = asks_tree || !strcmp(c->verb, "dump");
	char *criu = is_dump && !c->by_restorer ? reach(s->r, s->r->o->dump_criu, "criu") : reach(s->r, s->r->o->restore_criu, "restore-criu");
	char pid[16], log[24];

	if (!criu) {
		perror("copy criu");
		_exit(126);
	}
	arg(a, criu);
	free(criu);
	arg(a, asks_images ? "check" : c->verb);
	arg(a, "-D");
	arg(a, c->img);
	arg(a, "-o");
	snprintf(log, sizeof(log), "%s.log", c->verb);
	arg(a, log);
	arg(a, "-v4");
	if (asks_images) {
		arg(a, "--images");
		arg(a, c->img);
	}
	if (is_dump) {
		arg(a, "-t");
		snprintf(pid, sizeof(pid), "%d", s->root);
		arg(a, pid);
		if (asks_tree)
			arg(a, "--json");
	} else if (!asks_images) {
		arg(a, "-d");
	}
	arg_words(a, t->opts);
	arg_words(a, is_dump ? t->dump_opts : t->restore_opts);
	arg_words(a, c->extra);
	arg_file(a, s->r, is_dump ? "dump" : "restore");
	a->v[a->n] = NULL;
}

/* Descriptors that a restore must inherit: one "NUMBER FLAGS PATH" a line in task/inherit. */
static void open_inherited(const struct run *r)
{
	char *path, name[3000];
	int nr, flags, fd;
	FILE *f;

	if (asprintf(&path, "%s/task/inherit", r->dir) < 0)
		return;
	f = fopen(path, "re");
	free(path);
	if (!f)
		return;
	while (fscanf(f, "%d %d %2999s", &nr, &flags, name) == 3) {
		fd = open(name, flags);
		if (fd < 0) {
			fprintf(stderr, "cannot open %s for criu to inherit: %s\n", name, strerror(errno));
			_exit(126);
		}
		if (fd != nr) {
			dup2(fd, nr);
			close(fd);
		}
	}
	fclose(f);
}

/* What a check prints goes to a file beside its log. */
static void keep_answer(const struct call *c)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/check.json", c->img) < 0)
		_exit(126);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || dup2(fd, 1) < 0)
		_exit(126);
}

static void become_criu(struct stage *s, const struct call *c, struct args *a)
{
	sigset_t none;
	int fd = open("/dev/null", O_RDWR);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(s->terminal ? s->terminal : fd, 0);
	if (fd > 2)
		close(fd);
	if (!strcmp(c->verb, "check"))
		keep_answer(c);
	if (c->fault)
		setenv("CRIU_FAULT_AT", c->fault, 1);
	if (s->r->o->mask)
		setenv("KERNDAT_MASK", s->r->o->mask, 1);
	if (!strcmp(c->verb, "restore") || !strcmp(c->verb, "check-images"))
		open_inherited(s->r);
	execv(a->v[0], a->v);
	fprintf(stderr, "cannot run %s: %s\n", a->v[0], strerror(errno));
	_exit(126);
}

static long clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void kill_after(pid_t pid, long us, int sig)
{
	struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	nanosleep(&t, NULL);
	kill(pid, sig);
}

int criu_call(struct stage *s, struct call *c)
{
	long start = clock_us();
	struct args a = {};
	int status, r;
	pid_t pid;

	build_args(s, c, &a);
	printf("$");
	if (c->fault)
		printf(" CRIU_FAULT_AT=%s", c->fault);
	for (int i = 0; i < a.n; i++)
		printf(" %s", a.v[i]);
	printf("\n");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid)
		become_criu(s, c, &a);
	for (int i = 0; i < a.n; i++)
		free(a.v[i]);
	if (c->kill_us >= 0)
		kill_after(pid, c->kill_us, c->kill_signal);
	r = stage_wait(s, pid, CALL_MS * s->r->o->slow, &status);
	c->took_us = clock_us() - start;
	if (r < 0) {
		printf("criu %s does not end; what hangs:\n", c->verb);
		stage_explain(stdout);
		kill(pid, SIGKILL);
		(void)stage_wait(s, pid, 2000, &status);
		return r;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static FILE *open_log(const char *img, const char *verb)
{
	char *path;
	FILE *f;

	if (asprintf(&path, "%s/%s.log", img, verb) < 0)
		return NULL;
	f = fopen(path, "re");
	free(path);
	return f;
}

void criu_log_tail(const char *img, const char *verb, FILE *to)
{
	enum { KEEP = 12 };
	char *line = NULL, *last[KEEP] = {};
	FILE *f = open_log(img, verb);
	size_t size = 0;
	int n = 0;

	if (!f)
		return;
	fprintf(to, "%s.log, its errors and its end:\n", verb);
	while (getline(&line, &size, f) > 0) {
		if (strstr(line, "Error ("))
			fprintf(to, "  ! %s", line);
		free(last[n % KEEP]);
		last[n++ % KEEP] = strdup(line);
	}
	for (int i = n > KEEP ? n - KEEP : 0; i < n; i++)
		fprintf(to, "  %s", last[i % KEEP]);
	for (int i = 0; i < KEEP; i++)
		free(last[i]);
	free(line);
	fclose(f);
}

bool criu_log_has(const char *img, const char *verb, const char *text)
{
	FILE *f = open_log(img, verb);
	char *line = NULL;
	size_t size = 0;
	bool has = false;

	while (f && !has && getline(&line, &size, f) > 0)
		has = strstr(line, text) != NULL;
	free(line);
	if (f)
		fclose(f);
	return has;
}

bool criu_has(const char *criu, const char *feature)
{
	static struct { char *key; bool has; } known[128];
	static int n_known;
	char *key;
	int status;
	pid_t pid;
	bool has;

	if (asprintf(&key, "%s %s", criu, feature) < 0)
		return false;
	for (int i = 0; i < n_known; i++)
		if (!strcmp(known[i].key, key)) {
			free(key);
			return known[i].has;
		}
	fflush(stdout);
	pid = fork();
	if (!pid) {
		int fd = open("/dev/null", O_RDWR);

		dup2(fd, 1);
		dup2(fd, 2);
		execl(criu, criu, "check", "--feature", feature, NULL);
		_exit(126);
	}
	has = pid > 0 && waitpid(pid, &status, 0) == pid && !status;
	if (n_known < 128) {
		known[n_known].key = key;
		known[n_known++].has = has;
	}
	return has;
}

/* --- crit ----------------------------------------------------------------------------------------- */

/* A program that judges folders of images; what it says is printed when it says no. */
static bool judge(struct stage *s, const char *program, const char *img, const char *other)
{
	int out = memfd_create("judge", MFD_CLOEXEC), status;
	pid_t pid;
	bool fine;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		dup2(out, 1);
		dup2(out, 2);
		execl(program, program, img, other, NULL);
		_exit(126);
	}
	fine = pid > 0 && !stage_wait(s, pid, CALL_MS * s->r->o->slow, &status) && !status;
	if (!fine) {
		char text[8000];
		ssize_t n = pread(out, text, sizeof(text) - 1, 0);

		printf("%s %s%s%s:\n%.*s\n", program, img, other ? " " : "", other ? other : "", n > 0 ? (int)n : 0, text);
	}
	close(out);
	return fine;
}

bool crit_reads_all(struct stage *s, const char *img)
{
	return judge(s, s->r->o->crit, img, NULL);
}

bool images_agree(struct stage *s, const char *a, const char *b)
{
	return judge(s, s->r->o->compare, a, b);
}
