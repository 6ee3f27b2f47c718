// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many runs at a time. Each is a process of its own in a new pid and mount namespace, so pids
 * never clash and everything that a run started dies with it. The line of a run is printed when
 * it ends, with its log when it failed.
 */
#include "run.h"

#include <errno.h>
#include <fnmatch.h>
#include <ftw.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct slot {
	pid_t pid;
	int pidfd;
	struct run r;
	double start;
	bool is_late;
};

struct pool {
	const struct options *o;
	char *dir;		/* the folder of all runs */
	int passed, failed, skipped, printed;
	struct slot *slots;
};

static double clock_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)remove(path);	/* what stays is seen by the caller's rmdir */
	return 0;
}

void remove_tree(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void print_file(const char *dir, const char *name)
{
	char *path, line[2048];
	FILE *f;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return;
	f = fopen(path, "re");
	free(path);
	if (!f)
		return;
	while (fgets(line, sizeof(line), f))
		printf("    %s%s", line, strchr(line, '\n') ? "" : "\n");
	fclose(f);
}

static void print_reproduce(const struct pool *p, const struct run *r)
{
	const struct options *o = p->o;
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n < 0)
		return;
	exe[n] = 0;
	printf("    again: %s run --criu %s", exe, o->dump_criu);
	if (o->restore_criu != o->dump_criu)
		printf(" --restore-criu %s", o->restore_criu);
	if (o->peer_dumps || o->peer_restores)
		printf(" --peer %s", !o->peer_dumps ? "restore" : !o->peer_restores ? "dump" : "both");
	if (o->excepted)
		printf(" --excepted");
	if (o->compare)
		printf(" --compare %s", o->compare);
	printf(" --mode %s --as %s", mode_names[r->mode], as_names[r->as]);
	if (o->undisturbed)
		printf(" --undisturbed");
	if (o->rounds)
		printf(" --rounds %d", o->rounds);
	if (o->leave_running && !o->compare)
		printf(" --leave-running");
	if (o->check_tree)
		printf(" --check-tree");
	if (o->fault)
		printf(" --fault %s", o->fault);
	if (o->restore_fault)
		printf(" --restore-fault %s", o->restore_fault);
	if (o->kill_of && o->kill_at)
		printf(" --%skill-at %d/%d", o->kill_restore ? "restore-" : "", o->kill_at, o->kill_of);
	else if (o->kill_of)
		printf(" --%skill-at all/%d", o->kill_restore ? "restore-" : "", o->kill_of);
	if (o->kill_of && o->kill_signal != SIGKILL)
		printf(" --kill-with %s", sigabbrev_np(o->kill_signal));
	if (o->mask)
		printf(" --mask %s", o->mask);
	printf(" %s\n    files: %s\n", r->t->name, r->dir);
}

static char *read_reason(const struct run *r)
{
	static char text[512];
	char *path;
	FILE *f;

	text[0] = 0;
	if (asprintf(&path, "%s/reason", r->dir) < 0)
		return text;
	f = fopen(path, "re");
	free(path);
	if (f) {
		if (!fgets(text, sizeof(text), f))
			text[0] = 0;
		text[strcspn(text, "\n")] = 0;
		fclose(f);
	}
	return text;
}

/* One line a run, and the count. */
static void report(struct pool *p, const struct run *r, int v, double took)
{
	const char *reason = read_reason(r);
	const char *word = v == PASS ? "PASS" : v == SKIP ? "SKIP" : "FAIL";

	p->passed += v == PASS;
	p->skipped += v == SKIP;
	p->failed += v != PASS && v != SKIP;
	p->printed++;
	if (p->o->tap)
		printf("%s %d - %s (%s, %s)%s%s\n", v == PASS || v == SKIP ? "ok" : "not ok", p->printed, r->t->name,
		       mode_names[r->mode], as_names[r->as], v == SKIP ? " # SKIP " : "", v == SKIP ? reason : "");
	else
		printf("%s %s (%s, %s) %.2fs%s%s\n", word, r->t->name, mode_names[r->mode], as_names[r->as], took,
		       *reason ? ": " : "", reason);
	if (v != PASS && v != SKIP) {
		print_file(r->dir, "log");
		print_file(r->dir, "out");
		print_reproduce(p, r);
	} else if (!p->o->keep) {
		remove_tree(r->dir);
	}
}

/* Why CRIU 4.2 cannot do its part of this run; NULL when it can. "dump: " or "restore: " when that is all it cannot do. */
static const char *peer_cannot(const struct options *o, const struct test *t)
{
	if (!t->peer)
		return NULL;
	if (!strncmp(t->peer, "dump: ", 6))
		return o->peer_dumps ? t->peer + 6 : NULL;
	if (!strncmp(t->peer, "restore: ", 9))
		return o->peer_restores ? t->peer + 9 : NULL;
	return o->peer_dumps || o->peer_restores ? t->peer : NULL;
}

/* It is the machine that has it. We are asked where there is one of us: CRIU 4.2 has a name for less. */
static bool machine_has(const struct options *o, const char *feature)
{
	return criu_has(o->peer_dumps && !o->peer_restores ? o->restore_criu : o->dump_criu, feature);
}

static const char *why_skip(const struct options *o, const struct test *t, int mode, int as)
{
	static char text[256];
	char *list, *word, *save;

	if (geteuid())
		return "zdtm must be run as root";
	if (t->cannot)
		return t->cannot;
	if (o->undisturbed)
		return NULL;
	if (peer_cannot(o, t) && !o->excepted)
		return peer_cannot(o, t);
	if (mode != MODE_HOST)
		return "the runner has no namespaces of its own for tests yet";
	if (o->compare && t->is_script)
		return "a program does not stand still between two dumps";
	if (t->refused && (o->fault || o->restore_fault || o->rounds || o->leave_running))
		return "dump refuses it";
	if (t->once && *t->once && o->rounds > 1)
		return t->once;
	if (!t->needs || !*t->needs)
		return NULL;
	list = strdup(t->needs);
	for (word = strtok_r(list, " ", &save); word; word = strtok_r(NULL, " ", &save))
		if (!machine_has(o, word)) {
			snprintf(text, sizeof(text), "needs %s, which `criu check --feature` does not find", word);
			free(list);
			return text;
		}
	free(list);
	return NULL;
}

static void start(struct pool *p, struct slot *s, const struct test *t, int mode, int as)
{
	const char *why = why_skip(p->o, t, mode, as);
	struct clone_args args = { .flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_PIDFD, .exit_signal = SIGCHLD };

	memset(s, 0, sizeof(*s));
	s->r = (struct run){ .o = p->o, .t = t, .mode = mode, .as = as };
	if (asprintf(&s->r.dir, "%s/%s.%s.%s", p->dir, t->name, mode_names[mode], as_names[as]) < 0)
		abort();
	for (char *c = s->r.dir + strlen(p->dir) + 1; *c; c++)
		if (*c == '/')
			*c = '.';
	if (mkdir(s->r.dir, 0755) < 0)
		perror(s->r.dir);
	s->start = clock_s();
	if (why) {
		verdict(&s->r, SKIP, "%s", why);
		report(p, &s->r, SKIP, 0);
		free(s->r.dir);
		return;
	}
	args.pidfd = (uint64_t)(uintptr_t)&s->pidfd;
	fflush(stdout);
	s->pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (!s->pid)
		_exit(stage_run(&s->r));
	if (s->pid < 0) {
		s->pid = 0;
		report(p, &s->r, verdict(&s->r, FAIL, "cannot make a pid namespace: %s", strerror(errno)), 0);
		free(s->r.dir);
	}
}

/* An exception that is none any more, or never was one, is a failure; one that holds is told with how it showed. */
static int excepted_verdict(struct run *r, int v)
{
	if (v == PASS)
		return verdict(r, FAIL, "CRIU 4.2 can do this: take away \"%s\"", r->t->peer);
	return verdict(r, PASS, "%s: %s", peer_cannot(r->o, r->t), strdupa(read_reason(r)));
}

static void finish(struct pool *p, struct slot *s)
{
	int status, v;

	if (waitpid(s->pid, &status, 0) != s->pid)
		return;
	if (s->is_late)
		v = verdict(&s->r, FAIL, "no end in %d s, the runner's part neither", s->r.t->seconds);
	else if (WIFSIGNALED(status))
		v = verdict(&s->r, FAIL, "the runner's part died of signal %d", WTERMSIG(status));
	else
		v = WEXITSTATUS(status);
	if (p->o->excepted && v != SKIP)
		v = excepted_verdict(&s->r, v);
	report(p, &s->r, v, clock_s() - s->start);
	close(s->pidfd);
	free(s->r.dir);
	s->pid = 0;
}

/* Until a slot is free, or (all) until every one is. */
static struct slot *free_slot(struct pool *p, bool all)
{
	int jobs = p->o->jobs;
	struct pollfd pf[jobs];

	for (;;) {
		int busy = 0;

		for (int i = 0; i < jobs; i++) {
			if (!p->slots[i].pid && !all)
				return &p->slots[i];
			pf[i] = (struct pollfd){ .fd = p->slots[i].pid ? p->slots[i].pidfd : -1, .events = POLLIN };
			busy += p->slots[i].pid != 0;
		}
		if (!busy)
			return NULL;
		poll(pf, jobs, 1000);
		for (int i = 0; i < jobs; i++) {
			struct slot *s = &p->slots[i];

			if (!s->pid)
				continue;
			if (pf[i].revents)
				finish(p, s);
			else if (!s->is_late && clock_s() - s->start > s->r.t->seconds * 4 + 60)
				/* A stage has limits for all it waits for; this is for a stage that hangs itself. */
				s->is_late = !kill(s->pid, SIGKILL);
		}
	}
}

static bool is_wanted(const struct options *o, const struct test *t)
{
	if (o->excepted && !peer_cannot(o, t))
		return false;
	if (!o->n_patterns)
		return true;
	for (int i = 0; i < o->n_patterns; i++) {
		const char *base = strrchr(t->name, '/');

		if (!fnmatch(o->patterns[i], t->name, 0) || (base && !fnmatch(o->patterns[i], base + 1, 0)))
			return true;
	}
	return false;
}

static int print_list(const struct options *o, const struct test *tests, int n)
{
	for (int i = 0; i < n; i++) {
		const struct test *t = &tests[i];

		if (!is_wanted(o, t))
			continue;
		printf("%s: %s [", t->name, t->does);
		for (int m = 0; m < MODES; m++)
			if (t->modes[m])
				printf("%s ", mode_names[m]);
		for (int a = 0; a < ASES; a++)
			if (t->as[a])
				printf("%s%s", a && t->as[0] ? " " : "", as_names[a]);
		printf("]%s%s%s%s\n", t->refused ? " refused: " : "", t->refused ? t->refused : "",
		       t->peer ? " peer cannot: " : "", t->peer ? t->peer : "");
	}
	return 0;
}

int pool_run(const struct options *o, const struct test *tests, int n)
{
	struct pool p = { .o = o };
	int wanted = 0;

	if (o->list)
		return print_list(o, tests, n);
	p.slots = calloc(o->jobs, sizeof(*p.slots));
	if (asprintf(&p.dir, "%s/zdtm.XXXXXX", o->keep_dir) < 0 || !mkdtemp(p.dir) || chmod(p.dir, 0755) < 0) {
		fprintf(stderr, "zdtm: cannot make a folder in %s: %s\n", o->keep_dir, strerror(errno));
		return 2;
	}
	for (int i = 0; i < n; i++)
		for (int m = 0; m < MODES; m++)
			for (int a = 0; a < ASES; a++)
				if (is_wanted(o, &tests[i]) && o->modes[m] && o->as[a] && tests[i].modes[m] && tests[i].as[a])
					wanted++;
	if (o->tap)
		printf("TAP version 13\n1..%d\n", wanted);
	for (int i = 0; i < n; i++) {
		if (!is_wanted(o, &tests[i]))
			continue;
		for (int m = 0; m < MODES; m++)
			for (int a = 0; a < ASES; a++)
				if (o->modes[m] && o->as[a] && tests[i].modes[m] && tests[i].as[a])
					start(&p, free_slot(&p, false), &tests[i], m, a);
	}
	free_slot(&p, true);
	(void)rmdir(p.dir);	/* stays when a failed run is in it */
	printf("%s%d passed, %d failed, %d skipped\n", o->tap ? "# " : "", p.passed, p.failed, p.skipped);
	return p.failed ? 1 : wanted ? 0 : 2;
}
