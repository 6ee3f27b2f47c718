/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/check_tree.h"

#include <errno.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "criu/fd/fd.h"
#include "criu/flow/check_report.h"
#include "criu/flow/tree_look.h"
#include "criu/image/blocker.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"
#include "criu/task/freeze.h"
#include "kerndat/kerndat.h"

/*
 * A tree that changes while we look is looked at again, so many times in all. Of what went away meanwhile nobody wants errors: only
 * the last look tells them.
 */
#define TRIES 4

static int look(struct dump *d)
{
	int r = tree_look_begin(d);

	if (r == 0)
		r = freeze_tree(d);
	/* Refused as a whole. */
	if (r == SURVEY_NOTED)
		return 0;
	return r < 0 ? r : tree_look(d);
}

static void tell(const struct dump *d)
{
	if (d->opt->check_json)
		check_tree_json(stdout, d);
	else
		check_tree_text(stdout, d);
}

static bool is_good(int r, const struct survey *s)
{
	return r == 0 && !s->n_gone && !s->n_errors;
}

static int survey(const struct options *o, struct kerndat *kd, bool last, struct survey *s)
{
	struct dump d = { .opt = o, .kd = kd, .survey = s, .arena = arena_new() };
	int r = -ENOMEM, level = log_level();

	if (!last)
		log_set_level(LOG_MSG);
	if (d.arena) {
		survey_init(s, d.arena);
		s->last = last;
		r = look(&d);
	}
	log_set_level(level);
	if (is_good(r, s) || (r == 0 && last))
		tell(&d);
	if (d.files)
		fd_dump_end(&d);
	if (d.root)
		(void)freeze_release(&d, VICTIM_RUN);
	arena_free(d.arena);
	return r;
}

int check_tree_run(const struct options *o)
{
	struct survey s = { 0 };
	struct kerndat *kd;
	int r;

	if (kerndat_open(&kd) < 0)
		return CHECK_TREE_FAILED;
	for (int tries = 1; tries <= TRIES; tries++) {
		r = survey(o, kd, tries == TRIES, &s);
		if (is_good(r, &s))
			break;
	}
	kerndat_close(kd);

	if (r == 0 && (fflush(stdout) || ferror(stdout)))
		r = err_any(-EIO, "write the answers to stdout");
	if (r < 0)
		return CHECK_TREE_FAILED;
	return s.n_stops ? CHECK_TREE_BLOCKED : CHECK_TREE_READY;
}
