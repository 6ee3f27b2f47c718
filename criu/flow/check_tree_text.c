/* SPDX-License-Identifier: GPL-2.0-only */
/* criu check --tree PID for people: blockers, warnings, what could not be seen, the verdict. */
#include <stdio.h>
#include <string.h>

#include "criu/flow/check_report.h"
#include "criu/image/blocker.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"

#define INDENT 4

const char *check_tree_comm(const struct dump *d, pid_t pid)
{
	const struct task *t;

	dump_for_each_task(t, d) {
		if (t->pid == pid)
			return t->stat.comm;
	}
	return NULL;
}

/* A name that somebody else has chosen, without what would move the cursor. */
static void put_name(FILE *out, const char *s)
{
	fprintf(out, " (");
	for (; *s; s++)
		fputc((unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s, out);
	fputc(')', out);
}

static void put_object(FILE *out, const struct dump *d, const struct block_object *o)
{
	const char *comm = check_tree_comm(d, o->pid);

	fprintf(out, "pid %d", o->pid);
	if (comm)
		put_name(out, comm);
	if (o->fd >= 0)
		fprintf(out, " fd %d", o->fd);
	else if (o->at)
		fprintf(out, " %s", o->at);
	if (o->path)
		put_name(out, o->path);
}

static void put_labelled(FILE *out, const char *label, const char *text)
{
	int column;

	if (!*text)
		return;
	column = fprintf(out, "%*s%s", INDENT, "", label);
	check_put_wrapped(out, column, INDENT, text);
}

static void put_blocked(FILE *out, const struct dump *d, const struct blocked *b)
{
	const struct blocker_info *info = blocker_info(b->what);

	fprintf(out, "[%s] ", info->code);
	put_object(out, d, &b->object);
	fputc('\n', out);
	put_labelled(out, info->when == WARNS ? "" : "cannot ", b->text);
	put_labelled(out, "helps: ", b->helps);
	put_labelled(out, "lifted by: ", info->option);
	put_labelled(out, "lifted by: ", info->needs);
}

static void put_list(FILE *out, const struct dump *d, const char *title, bool warnings)
{
	const struct blocked *b;

	list_for_each (b, &d->survey->found, all) {
		if ((blocker_info(b->what)->when == WARNS) != warnings)
			continue;
		if (title)
			fprintf(out, "%s:\n", title);
		title = NULL;
		put_blocked(out, d, b);
	}
}

static void put_not_seen(FILE *out)
{
	char codes[512] = "";

	for (int b = 0; b < BLOCKER_NR; b++) {
		size_t n = strlen(codes);

		if (blocker_info(b)->when == STOPS_LATER)
			snprintf(codes + n, sizeof(codes) - n, "%s%s", n ? ", " : "", blocker_info(b)->code);
	}
	check_put_wrapped(out, fprintf(out, "Only a dump can see: "), INDENT, codes);
}

void check_tree_text(FILE *out, const struct dump *d)
{
	const struct survey *s = d->survey;

	put_list(out, d, "Blockers", false);
	put_list(out, d, "Warnings", true);
	put_not_seen(out);
	if (s->n_stops)
		fprintf(out, "%zu blocker%s: the tree of pid %d cannot be dumped now.\n", s->n_stops, s->n_stops > 1 ? "s" : "",
			d->opt->tree);
	else
		fprintf(out, "No blockers: the tree of pid %d (%zu task%s) can be dumped now.\n", d->opt->tree, d->n_tasks,
			d->n_tasks > 1 ? "s" : "");
}
