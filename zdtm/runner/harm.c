// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps and restores that do not end well: by a named fault, a kill, an interruption. Whatever comes, the dumped tree is as
 * it was, and a failed restore leaves nothing and can be tried again.
 */
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A parasite whose criu was killed may leave its mapping behind when other threads were inside: private,
 * anonymous, writable and executable, as no test that is harmed has any. It is tolerated, counted, and told.
 */
struct leftover {
	unsigned long long bytes;
};

static bool is_leftover(const char *line, unsigned long long *ret_bytes)
{
	unsigned long long start, end;
	const char *tab = strchr(line, '\t');
	int used = 0;

	if (!tab || !strstr(line, " maps ") || sscanf(strstr(line, " maps "), " maps %llx", &start) != 1 ||
	    sscanf(tab, "\t-%llx rwxp 0 00:00 0 %n", &end, &used) != 1 || !used)
		return false;
	*ret_bytes = end - start;
	return true;
}

static struct leftover drop_leftovers(struct snap *sn)
{
	struct leftover sum = { 0 };
	unsigned long long bytes;
	size_t kept = 0;

	for (size_t i = 0; i < sn->n; i++) {
		if (is_leftover(sn->lines[i], &bytes)) {
			sum.bytes += bytes;
			free(sn->lines[i]);
		} else {
			sn->lines[kept++] = sn->lines[i];
		}
	}
	sn->n = kept;
	return sum;
}

/* --- what must not be left -------------------------------------------------------------------------- */

static int compare_trail(struct stage *s, const struct snap *before, const char *when)
{
	struct snap after;
	int n, r = trail_take(s, &after);

	if (r < 0)
		return verdict(s->r, FAIL, "cannot look at the files of the test: %s", strerror(-r));
	n = snap_diff(before, &after, NULL, stdout);
	snap_free(&after);
	return n ? verdict(s->r, FAIL, "%d thing%s left on disk %s", n, n > 1 ? "s" : "", when) : PASS;
}

static int differences(struct stage *s, const struct snap *before, struct leftover *ret_left, FILE *to)
{
	struct snap after = {};
	int n = snap_take(s->root, &after);

	if (!n) {
		*ret_left = drop_leftovers(&after);
		n = snap_diff(before, &after, s->r->t->may_differ, to);
	}
	snap_free(&after);
	return n;
}

/*
 * A tree that comes to itself without us: who was traced by a dead criu is let go by the kernel, and a parasite leaves
 * when it finds its socket closed. Nothing tells us when.
 */
static int compare_settled(struct stage *s, const struct snap *before, struct leftover *ret_left, const char *when)
{
	int n = 1;

	for (int tries = 0; n && tries < 100; tries++) {
		FILE *nowhere = fopen("/dev/null", "we");

		n = differences(s, before, ret_left, nowhere);
		fclose(nowhere);
		if (n)
			usleep(tries < 20 ? 2000 : 40000);
	}
	if (!n)
		return PASS;
	n = differences(s, before, ret_left, stdout);
	stage_explain(stdout);
	return verdict(s->r, FAIL, "%d difference%s in /proc %s", n, n != 1 ? "s" : "", when);
}

/* No process but us is left in this pid namespace: all orphans come to us. */
static int all_gone(struct stage *s, const char *when)
{
	if (!stage_reap_all(s, 0, 5000))
		return PASS;
	stage_explain(stdout);
	return verdict(s->r, FAIL, "tasks are left %s", when);
}

/* --- faults ------------------------------------------------------------------------------------------- */

static bool is_fatal(const char *fault)
{
	size_t n = strlen(fault);

	return n > 5 && !strcmp(fault + n - 5, ":kill");
}

/* Has it failed there, and in the way that was asked for? PASS, or a verdict. */
static int check_fault(struct stage *s, const struct call *c, int r)
{
	char text[80];

	snprintf(text, sizeof(text), "fault %.*s:", (int)strcspn(c->fault, ":"), c->fault);
	if (!criu_log_has(c->img, c->verb, text))
		return r ? act_failed(s, c->img, c->verb, r, "failed elsewhere") :
			   verdict(s->r, SKIP, "the %s does not pass the spot %s", c->verb, c->fault);
	if (!r)
		return verdict(s->r, FAIL, "the %s succeeds in spite of the fault %s", c->verb, c->fault);
	if (r != 1 && !(is_fatal(c->fault) && r == 128 + SIGKILL))
		return act_failed(s, c->img, c->verb, r, "fails in another way than by exit status 1");
	return PASS;
}

/* A dump that fails in the middle; then all as usual. */
static int faulty_dump(struct stage *s, const struct snap *before)
{
	struct call c = { .verb = "dump", .img = act_new_img(s, "fault"), .fault = s->r->o->fault, .kill_us = -1 };
	struct leftover left = { 0 };
	struct snap trail;
	int v = trail_take(s, &trail), r;

	if (v < 0)
		return verdict(s->r, FAIL, "cannot look at the files of the test: %s", strerror(-v));
	r = criu_call(s, &c);
	v = check_fault(s, &c, r);
	if (v == PASS && r == 1)
		v = act_compare(s, before, "after the failed dump");
	else if (v == PASS)
		v = compare_settled(s, before, &left, "after criu was killed");
	if (v == PASS && r == 1)
		v = compare_trail(s, &trail, "after the failed dump");
	snap_free(&trail);
	if (left.bytes)
		printf("%llu kB are left mapped\n", left.bytes / 1024);
	/* What is left mapped comes back from the restore, too. */
	return v != PASS ? v : left.bytes ? act_round(s) : act_rounds(s, before);
}

static int faulty_restore(struct stage *s, const struct snap *before)
{
	struct call c = { .verb = "restore", .img = act_new_img(s, "fault"), .fault = s->r->o->restore_fault, .kill_us = -1 };
	struct snap trail;
	int v = act_dump(s, c.img, NULL), r;

	if (v == PASS)
		v = act_bury(s);
	if (v != PASS)
		return v;
	r = trail_take(s, &trail);
	if (r < 0)
		return verdict(s->r, FAIL, "cannot look at the files of the test: %s", strerror(-r));
	s->root_ended = false;
	r = criu_call(s, &c);
	v = check_fault(s, &c, r);
	if (v == PASS)
		v = all_gone(s, "after the failed restore");
	if (v == PASS && r == 1)
		v = compare_trail(s, &trail, "after the failed restore");
	snap_free(&trail);
	if (v == PASS)
		v = act_restore(s, c.img);
	return v == PASS ? act_compare(s, before, "after the second restore") : v;
}

/* --- kills at many moments ---------------------------------------------------------------------------- */

static void forget_img(char *img)
{
	remove_tree(img);
	free(img);
}

static int by_length(const void *a, const void *b)
{
	return (*(const long *)a > *(const long *)b) - (*(const long *)a < *(const long *)b);
}

/* The median of some: the first ones are slow. */
static int time_dumps(struct stage *s, long *ret_us)
{
	enum { N = 5 };
	long took[N];

	for (int i = 0; i < N; i++) {
		struct call c = { .verb = "dump", .img = act_new_img(s, "timing"), .extra = "--leave-running", .kill_us = -1 };
		int r = criu_call(s, &c);

		if (r)
			return act_failed(s, c.img, "dump", r, "failed");
		took[i] = c.took_us;
		forget_img((char *)c.img);
	}
	qsort(took, N, sizeof(*took), by_length);
	*ret_us = took[N / 2];
	return PASS;
}

/* Where criu was, by what it had logged. */
enum { AT_START, FROZEN, DUMPING, DONE, PHASES };
static const char *const phase_names[PHASES] = { "before it froze the tree", "while the tree was looked at",
						 "while images were written", "when it was done" };

static int phase_of(const struct call *c, int r)
{
	if (!r)
		return DONE;
	if (criu_log_has(c->img, c->verb, "pages in"))
		return DUMPING;
	return criu_log_has(c->img, c->verb, "Froze") ? FROZEN : AT_START;
}

static bool is_killed_well(const struct options *o, int r)
{
	return !r || r == (o->kill_signal == SIGKILL ? 128 + SIGKILL : 1) ||
	       /* Before criu has a handler the signal just ends it. */
	       r == 128 + o->kill_signal;
}

static int kill_dump_once(struct stage *s, struct snap *before, long us, int *phases, struct leftover *left)
{
	const struct options *o = s->r->o;
	struct call c = { .verb = "dump", .img = act_new_img(s, "killed"), .extra = "--leave-running",
			  .kill_us = us, .kill_signal = o->kill_signal };
	const unsigned long long old = left->bytes;
	int v, r = criu_call(s, &c);

	if (!is_killed_well(o, r))
		return act_failed(s, c.img, "dump", r, "failed by itself");
	phases[phase_of(&c, r)]++;
	v = compare_settled(s, before, left, "after criu was killed");
	if (v == PASS && left->bytes > old && o->kill_signal != SIGKILL)
		v = verdict(s->r, FAIL, "a mapping is left after an orderly end");
	if (v == PASS)
		forget_img((char *)c.img);
	else
		criu_log_tail(c.img, "dump", stdout);
	return v;
}

/* A run of many must have met the tree frozen, or it shows nothing. */
static bool is_covered(const int phases[PHASES])
{
	return phases[FROZEN] >= 3 && phases[DUMPING] >= 3;
}

/* criu ends at a moment of its dump; the tree must come to itself without any help. */
static int harmed_dump(struct stage *s, struct snap *before)
{
	const struct options *o = s->r->o;
	const int first = o->kill_at ? o->kill_at : 1, last = o->kill_at ? o->kill_at : o->kill_of;
	struct leftover left = drop_leftovers(before);
	int phases[PHASES] = { 0 };
	const bool must_cover = last - first >= 20;
	long full = 0;
	int v = PASS;

	/* On a busy machine a dump takes other times than those that were measured: then once more. */
	for (int tries = 0; v == PASS && (!tries || (must_cover && !is_covered(phases) && tries < 4)); tries++) {
		v = time_dumps(s, &full);
		for (int i = first; v == PASS && i <= last; i++) {
			v = kill_dump_once(s, before, full * i / o->kill_of, phases, &left);
			if (v != PASS)
				printf("criu was killed after %ld of %ld us\n", full * i / o->kill_of, full);
		}
	}
	for (int i = 0; i < PHASES; i++)
		printf("killed %s: %d\n", phase_names[i], phases[i]);
	printf("left mapped: %llu kB\n", left.bytes / 1024);
	if (v == PASS && must_cover && !is_covered(phases))
		v = verdict(s->r, FAIL, "the moments do not cover the dump: %d in its first half, %d in its second",
			    phases[FROZEN], phases[DUMPING]);
	return v;
}

/* Images of the tree, which is gone then. */
static int fresh_images(struct stage *s, char **img)
{
	int v;

	*img = act_new_img(s, "kept");
	v = act_dump(s, *img, NULL);
	return v == PASS ? act_bury(s) : v;
}

static int kill_restore_once(struct stage *s, const struct snap *before, char **img, long us, int *n_done)
{
	const struct options *o = s->r->o;
	struct call c = { .verb = "restore", .img = *img, .kill_us = us, .kill_signal = o->kill_signal };
	int r, v;

	s->root_ended = false;
	r = criu_call(s, &c);
	if (!is_killed_well(o, r))
		return act_failed(s, c.img, "restore", r, "failed by itself");
	/* Released, and killed a moment later: then all of it is there. */
	if (!r || criu_log_has(*img, "restore", "Tasks resumed")) {
		++*n_done;
		v = act_compare(s, before, "after the restore");
		if (v == PASS) {
			forget_img(*img);
			v = fresh_images(s, img);
		}
		return v;
	}
	v = all_gone(s, "after criu was killed");
	/* Between letting the tree go and saying so: it is complete, or it is wrong. */
	if (v != PASS && act_compare(s, before, "after the restore") == PASS) {
		++*n_done;
		forget_img(*img);
		v = fresh_images(s, img);
	}
	return v;
}

static int harmed_restore(struct stage *s, const struct snap *before)
{
	const struct options *o = s->r->o;
	const int first = o->kill_at ? o->kill_at : 1, last = o->kill_at ? o->kill_at : o->kill_of;
	struct call c = { .verb = "restore", .kill_us = -1 };
	int n_done = 0, v, r;
	char *img;

	v = fresh_images(s, &img);
	if (v != PASS)
		return v;
	c.img = img;
	s->root_ended = false;
	r = criu_call(s, &c);
	if (r)
		return act_failed(s, img, "restore", r, "failed");
	v = fresh_images(s, &img);
	for (int i = first; v == PASS && i <= last; i++) {
		v = kill_restore_once(s, before, &img, c.took_us * i / o->kill_of, &n_done);
		if (v != PASS)
			printf("criu was killed after %ld of %ld us\n", c.took_us * i / o->kill_of, c.took_us);
	}
	printf("killed in the restore: %d, when it was done: %d\n", last - first + 1 - n_done, n_done);
	if (v == PASS)
		v = act_restore(s, img);
	return v == PASS ? act_compare(s, before, "after the last restore") : v;
}

int harm(struct stage *s, const struct snap *before)
{
	struct snap copy = {};
	int v;

	if (s->r->o->fault)
		return faulty_dump(s, before);
	if (s->r->o->restore_fault)
		return faulty_restore(s, before);
	if (s->r->o->kill_restore)
		return harmed_restore(s, before);
	v = snap_take(s->root, &copy);
	v = v < 0 ? verdict(s->r, FAIL, "cannot look at the tree: %s", strerror(-v)) : harmed_dump(s, &copy);
	snap_free(&copy);
	return v;
}
