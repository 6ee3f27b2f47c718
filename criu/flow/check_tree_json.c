/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * criu check --tree PID --json. One object; "format" grows when a field changes its meaning, new fields may come without.
 *
 *	{ "format": 1, "pid": N, "tasks": N, "verdict": "ready" | "blocked",
 *	  "blockers": [ { "code", "what",		what it is, as in criu/image/blockers.h
 *			  "pid", "comm",		the process or thread; comm is null when it is not of the tree
 *			  "fd": N | null,		a descriptor
 *			  "at": text | null,		without one: "cwd", "exe", "map_files/START-END"
 *			  "path": text | null,		what that leads to, as the kernel tells it
 *			  "message": text,		what cannot be done, as a dump would say it
 *			  "helps": text,		what to do, "" if there is nothing
 *			  "option": text | null,	the option of dump that lifts it
 *			  "needs": text | null } ],	what else lifts it
 *	  "warnings": [ of the same form ],		the dump goes on, and this is lost
 *	  "not_seen": [ { "code", "what" } ] }		blockers that only a dump can see
 */
#include <stdio.h>

#include "criu/flow/check_report.h"
#include "criu/image/blocker.h"
#include "criu/image/options.h"
#include "criu/task/dump.h"

static const char *or_null(const char *s)
{
	return s && *s ? s : NULL;
}

static void put_blocked(FILE *out, const struct dump *d, const struct blocked *b)
{
	const struct blocker_info *info = blocker_info(b->what);
	const struct block_object *o = &b->object;

	fprintf(out, "{ \"code\": ");
	check_put_string(out, info->code);
	check_put_text(out, "what", info->what);
	fprintf(out, ", \"pid\": %d", o->pid);
	check_put_text(out, "comm", check_tree_comm(d, o->pid));
	if (o->fd >= 0)
		fprintf(out, ", \"fd\": %d", o->fd);
	else
		check_put_text(out, "fd", NULL);
	check_put_text(out, "at", o->fd < 0 ? o->at : NULL);
	check_put_text(out, "path", o->path);
	check_put_text(out, "message", b->text);
	check_put_text(out, "helps", b->helps);
	check_put_text(out, "option", or_null(info->option));
	check_put_text(out, "needs", or_null(info->needs));
	fprintf(out, " }");
}

static void put_list(FILE *out, const struct dump *d, const char *name, bool warnings)
{
	const struct blocked *b;
	const char *comma = "";

	fprintf(out, ",\n  \"%s\": [", name);
	list_for_each (b, &d->survey->found, all) {
		if ((blocker_info(b->what)->when == WARNS) != warnings)
			continue;
		fprintf(out, "%s\n    ", comma);
		put_blocked(out, d, b);
		comma = ",";
	}
	fprintf(out, *comma ? "\n  ]" : "]");
}

static void put_not_seen(FILE *out)
{
	const char *comma = "";

	fprintf(out, ",\n  \"not_seen\": [");
	for (int b = 0; b < BLOCKER_NR; b++) {
		const struct blocker_info *info = blocker_info(b);

		if (info->when != STOPS_LATER)
			continue;
		fprintf(out, "%s\n    { \"code\": ", comma);
		check_put_string(out, info->code);
		check_put_text(out, "what", info->what);
		fprintf(out, " }");
		comma = ",";
	}
	fprintf(out, "\n  ]");
}

void check_tree_json(FILE *out, const struct dump *d)
{
	fprintf(out, "{ \"format\": 1, \"pid\": %d, \"tasks\": %zu", d->opt->tree, d->n_tasks);
	check_put_text(out, "verdict", d->survey->n_stops ? "blocked" : "ready");
	put_list(out, d, "blockers", false);
	put_list(out, d, "warnings", true);
	put_not_seen(out);
	fprintf(out, " }\n");
}
