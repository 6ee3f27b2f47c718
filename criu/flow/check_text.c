/* SPDX-License-Identifier: GPL-2.0-only */
/* criu check for people: 80 columns, worst first, colour on a terminal only. */
#include "criu/flow/check_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"

#define WIDTH	    80
#define NAME_WIDTH  29
#define STATE_WIDTH 12

static const char *text(const char *s)
{
	return s ? s : "";
}

static bool in_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fileno(out)) && !(no && *no);
}

/* Where a new line with a word of @len begins: a word too long for the column ends at the right margin. */
static int line_start(int indent, int len)
{
	return indent + len <= WIDTH || len > WIDTH ? indent : WIDTH - len;
}

void check_put_wrapped(FILE *out, int column, int indent, const char *s)
{
	bool first = true;

	while (*s) {
		int len = (int)strcspn(s, " "), start = line_start(indent, len);

		if (column + !first + len > WIDTH && (!first || start < column)) {
			fprintf(out, "\n%*s", start, "");
			column = start;
			first = true;
		}
		column += fprintf(out, "%s%.*s", first ? "" : " ", len, s);
		first = false;
		s += len;
		s += strspn(s, " ");
	}
	fputc('\n', out);
}

/* "no: EPERM: reason" in full. */
static void put_answer(char *buf, size_t size, const struct check_item *item)
{
	const struct kd_answer *a = &item->answer;
	int n = snprintf(buf, size, "%s", kd_state_name(a->state));

	if (a->has_value && n < (int)size)
		n += snprintf(buf + n, size - (size_t)n, ", value %" PRIu64 " (%#" PRIx64 ")", a->value, a->value);
	if (a->err && n < (int)size)
		n += snprintf(buf + n, size - (size_t)n, ": %s", errno_name(a->err));
	if (*a->why && n < (int)size)
		snprintf(buf + n, size - (size_t)n, ": %s", a->why);
}

/* --- the table ---------------------------------------------------------------------------------- */

static const char *colour_of(const struct check_item *item)
{
	switch (item->weight) {
	case CHECK_BAD:
		return "\033[31m";
	case CHECK_MISSING:
		return "\033[33m";
	case CHECK_GOOD:
		return "\033[32m";
	case CHECK_EXCUSED:
		break;
	}
	return "";
}

static void put_row(FILE *out, const struct check_item *item, bool colour)
{
	const struct kd_feature *f = kerndat_feature(item->row);
	const char *state = kd_state_name(item->answer.state);
	int column = fprintf(out, "%-*s ", NAME_WIDTH - 1, f->name);
	char note[512];

	if (column > NAME_WIDTH) {
		fprintf(out, "\n%*s", NAME_WIDTH, "");
		column = NAME_WIDTH;
	}
	if (colour)
		fprintf(out, "%s%-*s\033[0m", colour_of(item), STATE_WIDTH, state);
	else
		fprintf(out, "%-*s", STATE_WIDTH, state);

	if (item->weight == CHECK_GOOD)
		snprintf(note, sizeof(note), "%s", f->what);
	else
		snprintf(note, sizeof(note), "%s%s%s", *text(f->lost) ? "lost: " : f->what, text(f->lost),
			 item->weight == CHECK_EXCUSED ? " (not held against this host)" : "");
	check_put_wrapped(out, column + STATE_WIDTH, column + STATE_WIDTH, note);
}

void check_text_report(FILE *out, const struct check_report *report, bool all_rows)
{
	bool colour = in_colour(out);
	size_t good = 0, shown = 0;

	for (size_t i = 0; i < report->count; i++)
		good += report->items[i].weight == CHECK_GOOD;

	for (int w = CHECK_BAD; w <= CHECK_GOOD; w++)
		for (size_t i = 0; i < report->count; i++) {
			if ((int)report->items[i].weight != w || (w == CHECK_GOOD && !all_rows))
				continue;
			if (!shown++)
				fprintf(out, "%-*s%-*s%s\n", NAME_WIDTH, "feature", STATE_WIDTH, "answer", "note");
			put_row(out, &report->items[i], colour);
		}

	if (shown)
		fprintf(out, "\n%zu of %zu are there; more on each: criu check --explain NAME\n", good,
			report->count);
	fprintf(out, "%s\n", check_verdict_text(report->verdict));
}

/* --- the list ------------------------------------------------------------------------------------ */

void check_text_list(FILE *out)
{
	fprintf(out, "%-*s%-8s%-13s%s\n", NAME_WIDTH, "feature", "since", "class", "what it is");
	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++) {
		const struct kd_feature *f = kerndat_feature(row);
		int column = fprintf(out, "%-*s%-8s%-13s", NAME_WIDTH, f->name, text(f->since),
				     check_class_name(f->class));

		check_put_wrapped(out, column, NAME_WIDTH + 21, f->what);
	}
}

/* --- one feature ---------------------------------------------------------------------------------- */

static void put_field(FILE *out, const char *label, const char *s)
{
	if (*text(s))
		check_put_wrapped(out, fprintf(out, "%-12s", label), 12, s);
}

static const char *scope_name(enum kd_scope scope)
{
	switch (scope) {
	case KD_BOOT:
		return "the kernel and the CPU of this boot";
	case KD_NS:
		return "the namespaces criu is in";
	case KD_CALLER:
		return "the namespaces and privileges of who asks";
	case KD_LIVE:
		return "the moment; never kept";
	}
	return "";
}

void check_text_explain(FILE *out, const struct check_item *item)
{
	const struct kd_feature *f = kerndat_feature(item->row);
	char answer[512];

	put_answer(answer, sizeof(answer), item);
	fprintf(out, "%s: ", f->name);
	check_put_wrapped(out, (int)strlen(f->name) + 2, 12, f->what);
	put_field(out, "here", answer);
	put_field(out, "asked", item->masked ? "not at all: KERNDAT_MASK" :
				item->cached ? "by an earlier run, kept in the cache" : "just now");
	put_field(out, "depends on", scope_name(f->scope));
	put_field(out, "class", check_class_name(f->class));
	put_field(out, "since", *text(f->since) ? f->since : NULL);
	put_field(out, "commit", f->commit);
	put_field(out, "option", *text(f->config) ? f->config : NULL);
	put_field(out, "lost", *text(f->lost) ? f->lost : "nothing");
	put_field(out, "instead", f->instead);
	if (item->answer.state != KD_YES)
		put_field(out, "what helps", *text(f->helps) ? f->helps : *text(f->since) ? "a newer kernel" : NULL);
	if (f->unless) {
		snprintf(answer, sizeof(answer), "not held against a host that has %s", kerndat_feature(f->unless)->name);
		put_field(out, "note", answer);
	}
}

/* --- ways ------------------------------------------------------------------------------------------ */

void check_text_ways(FILE *out, struct kerndat *kd)
{
	for (int c = 0; c < WAY_CHOICES_END; c++) {
		const struct kd_choice_info *info = kerndat_choice(c);
		bool taken = false;

		fprintf(out, "%s (%s)\n", info->what, info->name);
		for (int i = 0; i < KD_WAYS_MAX && info->ways[i].name; i++) {
			const struct kd_way_info *w = &info->ways[i];
			bool open = kerndat_way_open(kd, c, w->way);
			enum kd_row lacks;

			fprintf(out, "  %c %-20s", open && !taken ? '*' : ' ', w->name);
			if (open)
				fprintf(out, "%s\n", taken ? "open" : "best here");
			else if (check_way_lacks(kd, w, &lacks))
				fprintf(out, "closed: no %s\n", kerndat_feature(lacks)->name);
			else
				fprintf(out, "closed: KERNDAT_MASK\n");
			taken |= open;
		}
		if (!taken)
			fprintf(out, "    no way is open: what needs it is refused by name\n");
	}
}
