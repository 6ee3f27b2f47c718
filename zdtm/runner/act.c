// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is done to a test that is ready. After each step the tree must look in /proc as it did
 * before; at the end the test itself looks.
 */
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *act_new_img(struct stage *s, const char *what)
{
	static int nr;
	char *img;

	if (asprintf(&img, "%s/img.%d.%s", s->r->dir, ++nr, what) < 0)
		abort();
	if (mkdir(img, 0700) < 0)
		printf("cannot make %s: %s\n", img, strerror(errno));
	return img;
}

int act_failed(struct stage *s, const char *img, const char *verb, int r, const char *how)
{
	criu_log_tail(img, verb, stdout);
	if (r == -ETIMEDOUT)
		return verdict(s->r, FAIL, "%s does not end", verb);
	if (r < 0)
		return verdict(s->r, FAIL, "%s: %s", verb, strerror(-r));
	if (r > 128)
		return verdict(s->r, FAIL, "%s died of signal %d", verb, r - 128);
	return verdict(s->r, FAIL, "%s %s (exit status %d)", verb, how, r);
}

static int differences(struct stage *s, const struct snap *before, FILE *to)
{
	struct snap after = {};
	int n = snap_take(s->root, &after);

	if (!n)
		n = snap_diff(before, &after, s->r->t->may_differ, to);
	snap_free(&after);
	return n;
}

/*
 * Let go by its tracer, a stopped task has to run a step to its stop, another one to a waiting signal. Nothing tells us when.
 */
int act_compare(struct stage *s, const struct snap *before, const char *when)
{
	int n = 1;

	for (int tries = 0; n && tries < 100; tries++) {
		FILE *nowhere = fopen("/dev/null", "we");

		n = differences(s, before, nowhere);
		fclose(nowhere);
		if (n)
			usleep(20000);
	}
	if (!n)
		return PASS;
	n = differences(s, before, stdout);
	if (n < 0)
		return verdict(s->r, FAIL, "cannot look at the tree %s: %s", when, strerror(-n));
	return verdict(s->r, FAIL, "%d difference%s in /proc %s", n, n > 1 ? "s" : "", when);
}

static int dump_by(struct stage *s, struct call *c)
{
	const char *img = c->img;
	int said = foretell(s, img), r = criu_call(s, c);

	if (r)
		return act_failed(s, img, "dump", r, "failed");
	r = foretold(s, img, said, true);
	if (r != PASS)
		return r;
	if (s->r->o->crit && !crit_reads_all(s, img))
		return verdict(s->r, FAIL, "crit does not read every image");
	return PASS;
}

int act_dump(struct stage *s, const char *img, const char *extra)
{
	struct call c = { .verb = "dump", .img = img, .extra = extra, .kill_us = -1 };

	return dump_by(s, &c);
}

/* After a dump that kills: nobody may be left, and the pids must be free again. */
int act_bury(struct stage *s)
{
	if (stage_reap_all(s, 0, 5000) < 0) {
		stage_explain(stdout);
		return verdict(s->r, FAIL, "tasks are left after the dump");
	}
	return PASS;
}

/* --check-images: the same question without a restore; @want is the exit status. */
static int check_images(struct stage *s, const char *img, int want)
{
	struct call c = { .verb = "check-images", .img = img, .kill_us = -1 };
	int r = s->r->o->check_images ? criu_call(s, &c) : want;

	return r == want ? PASS : verdict(s->r, FAIL, "criu check --images says %s (status %d)", want ? "yes" : "no", r);
}

int act_restore(struct stage *s, const char *img)
{
	struct call c = { .verb = "restore", .img = img, .kill_us = -1 };
	int r = check_images(s, img, 0);

	if (r != PASS)
		return r;
	s->root_ended = false;
	r = criu_call(s, &c);
	if (r)
		return act_failed(s, img, "restore", r, "failed");
	return PASS;
}

int act_round(struct stage *s)
{
	char *img = act_new_img(s, "round");
	int v = act_dump(s, img, NULL);

	if (v == PASS)
		v = act_bury(s);
	if (v == PASS)
		v = act_restore(s, img);
	free(img);
	return v;
}

static int round_trip(struct stage *s, const struct snap *before)
{
	int v = act_round(s);

	return v == PASS ? act_compare(s, before, "after the restore") : v;
}

int act_rounds(struct stage *s, const struct snap *before)
{
	int n = s->r->o->rounds ? s->r->o->rounds : 1;

	for (int i = 0; i < n; i++) {
		int v = round_trip(s, before);

		if (v != PASS) {
			if (n > 1)
				printf("in round %d\n", i + 1);
			return v;
		}
	}
	return PASS;
}

/* Dump twice, the tasks live on; the test verifies the very tasks that were dumped. */
static int left_running(struct stage *s, const struct snap *before)
{
	char *imgs[2] = {};
	int v = PASS;

	for (int i = 0; v == PASS && i < 2; i++) {
		struct call c = { .verb = "dump", .extra = "--leave-running", .kill_us = -1 };

		c.img = imgs[i] = act_new_img(s, "running");
		c.by_restorer = i && s->r->o->compare;
		v = dump_by(s, &c);
		if (v == PASS)
			v = act_compare(s, before, "after a dump with --leave-running");
	}
	if (v == PASS && s->r->o->compare && !images_agree(s, imgs[0], imgs[1]))
		v = verdict(s->r, FAIL, "the images of the two differ");
	free(imgs[0]);
	free(imgs[1]);
	return v;
}

int act_refused(struct stage *s)
{
	struct call c = { .verb = "dump", .img = act_new_img(s, "refused"), .kill_us = -1 };
	int said = foretell(s, c.img), r = criu_call(s, &c);

	if (r < 0 || r > 128)
		return act_failed(s, c.img, "dump", r, "");
	if (!r)
		return verdict(s->r, FAIL, "dump takes what it must refuse: \"%s\"", s->r->t->refused);
	/* Another program has other words. */
	if (!s->r->o->peer_dumps && !criu_log_has(c.img, "dump", s->r->t->refused))
		return act_failed(s, c.img, "dump", r, "does not refuse in the words of the test");
	return foretold(s, c.img, said, false);
}

/* The dump must say no, by the name the test gives, and touch nothing. */
static int refused(struct stage *s, const struct snap *before)
{
	int v = act_refused(s);

	return v == PASS ? act_compare(s, before, "after the refused dump") : v;
}

/* A command of the test's page, in its folder. */
static int command(struct stage *s, const char *text)
{
	int status = 0;
	pid_t pid;

	printf("$ %s\n", text);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (chdir("task") == 0)
			execl("/bin/sh", "sh", "-ec", text, NULL);
		_exit(126);
	}
	if (pid < 0 || stage_wait(s, pid, 10000, &status) < 0 || status)
		return verdict(s->r, FAIL, "the command \"%s\" of the test fails (wait status %#x)", text, status);
	return PASS;
}

/* The world changed while the task was on disk: restore must say no, and say yes when it is changed back. */
static int refused_restore(struct stage *s, const struct snap *before)
{
	struct call c = { .verb = "restore", .img = act_new_img(s, "changed"), .kill_us = -1 };
	const struct test *t = s->r->t;
	int v = act_dump(s, c.img, NULL), r;

	if (v == PASS)
		v = act_bury(s);
	if (v == PASS)
		v = command(s, t->between);
	if (v == PASS)
		v = check_images(s, c.img, 1);
	if (v != PASS)
		return v;
	s->root_ended = false;
	r = criu_call(s, &c);
	if (r < 0 || r > 128)
		return act_failed(s, c.img, "restore", r, "");
	if (!r)
		return verdict(s->r, FAIL, "restore takes what it must refuse: \"%s\"", t->restore_refused);
	/* Another program has other words. */
	if (!s->r->o->peer_restores && !criu_log_has(c.img, "restore", t->restore_refused))
		return act_failed(s, c.img, "restore", r, "does not refuse in the words of the test");
	v = act_bury(s);
	if (v == PASS)
		v = command(s, t->undo);
	if (v == PASS)
		v = act_restore(s, c.img);
	return v == PASS ? act_compare(s, before, "after the restore") : v;
}

int act(struct stage *s)
{
	const struct options *o = s->r->o;
	struct snap before = {};
	int v, r = snap_take(s->root, &before);

	if (r < 0)
		return verdict(s->r, FAIL, "cannot look at the tree: %s", strerror(-r));
	if (s->r->t->refused)
		v = refused(s, &before);
	else if (s->r->t->restore_refused && !o->leave_running && !o->kill_of)
		v = refused_restore(s, &before);
	else if (o->kill_of || o->fault || o->restore_fault)
		v = harm(s, &before);
	else if (o->leave_running)
		v = left_running(s, &before);
	else
		v = act_rounds(s, &before);
	snap_free(&before);
	return v;
}
