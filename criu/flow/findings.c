/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/findings.h"

#include <string.h>

#include "base/arena.h"
#include "criu/flow/check_report.h"

static const char *const about_names[ABOUTS] = { "images", "host", "cpu", "kernel", "tree", "pids", "files" };
static const char *const weight_names[FINDING_WEIGHTS] = { "no", "cannot tell", "note" };

void findings_init(struct findings *f, struct arena *arena)
{
	*f = (struct findings){ .arena = arena, .last = &f->first };
}

void findings_add(struct findings *f, enum finding_about about, enum finding_weight weight, const char *text)
{
	struct finding *one = arena_obj(f->arena, struct finding);
	char *what = one ? arena_strdup(f->arena, text) : NULL, *helps;

	f->count[weight]++;
	if (!what) {
		f->lost = true;
		return;
	}
	helps = strchr(what, ';');
	if (helps)
		*helps++ = 0;
	one->about = about;
	one->weight = weight;
	one->what = what;
	one->helps = helps ? helps + strspn(helps, " ") : "";
	*f->last = one;
	f->last = &one->next;
}

/* --- for people ------------------------------------------------------------------------------------ */

static void put_finding(FILE *out, const struct finding *one)
{
	int column = fprintf(out, "%-8s%-13s", about_names[one->about], weight_names[one->weight]);

	check_put_wrapped(out, column, 21, one->what);
	if (*one->helps)
		check_put_wrapped(out, fprintf(out, "%21s", ""), 23, one->helps);
}

void findings_print(FILE *out, const struct findings *f, const char *where, size_t n_tasks, size_t n_files)
{
	bool shown = false;

	for (int w = FINDING_BAD; w < FINDING_WEIGHTS; w++)
		for (const struct finding *one = f->first; one; one = one->next) {
			if ((int)one->weight != w)
				continue;
			if (!shown)
				fprintf(out, "%-8s%-13s%s\n", "about", "answer", "what");
			shown = true;
			put_finding(out, one);
		}
	if (shown)
		fputc('\n', out);
	if (f->count[FINDING_BAD])
		fprintf(out, "Cannot be restored on %s: %zu thing%s in the way.\n", where, f->count[FINDING_BAD],
			f->count[FINDING_BAD] == 1 ? " stands" : "s stand");
	else
		fprintf(out, "Can be restored on %s%s (%zu task%s, %zu named file%s).\n", where,
			f->count[FINDING_UNKNOWN] ? ", as far as could be told" : "", n_tasks, n_tasks == 1 ? "" : "s",
			n_files, n_files == 1 ? "" : "s");
}

/* --- for programs ---------------------------------------------------------------------------------- */

static void put_field(FILE *out, const char *name, const char *value)
{
	fprintf(out, "\"%s\": ", name);
	check_put_string(out, value);
}

void findings_print_json(FILE *out, const struct findings *f, const char *where, size_t n_tasks, size_t n_files)
{
	fprintf(out, "{ \"format\": 1, ");
	put_field(out, "verdict", f->count[FINDING_BAD] ? "no" : f->count[FINDING_UNKNOWN] ? "cannot tell" : "yes");
	fprintf(out, ", ");
	put_field(out, "host", where);
	fprintf(out, ", \"tasks\": %zu, \"files\": %zu, \"findings\": [", n_tasks, n_files);
	for (const struct finding *one = f->first; one; one = one->next) {
		fprintf(out, "%s\n  { ", one == f->first ? "" : ",");
		put_field(out, "about", about_names[one->about]);
		fprintf(out, ", ");
		put_field(out, "answer", weight_names[one->weight]);
		fprintf(out, ", ");
		put_field(out, "what", one->what);
		fprintf(out, ", ");
		put_field(out, "helps", one->helps);
		fprintf(out, " }");
	}
	fprintf(out, "\n] }\n");
}
