/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * criu check --json. One object; "format" grows when a field changes its meaning, new fields may
 * come without.
 *
 *	{ "format": 1, "verdict": "good" | "missing" | "bad",		(not with --feature, --explain)
 *	  "features": [ { "name", "group", "class", "what", "since", "commit", "config",
 *			  "lost", "instead", "helps",			texts, "" if there is none
 *			  "answer": "yes" | "no" | "cannot tell",
 *			  "errno": "EPERM" | null, "value": N | null, "why": text,
 *			  "counts": true if it is held against the host,
 *			  "cached": bool, "masked": bool } ] }
 *	--list:	the same without what was answered
 *	--ways:	{ "format": 1, "choices": [ { "name", "what", "taken": way | null,
 *		  "ways": [ { "name", "open": bool, "lacks": feature | null } ] } ] }
 *
 * A value is an unsigned 64-bit number.
 */
#include "criu/flow/check_report.h"

#include <inttypes.h>

#include "base/err.h"

/* Bytes of one character of UTF-8 at @s, or 0: names of files and programs may be anything. */
static int utf8_length(const unsigned char *s)
{
	int n = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 : (*s & 0xf0) == 0xe0 ? 3 : *s >= 0xf0 && *s < 0xf5 ? 4 : 0;

	for (int i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	return n;
}

void check_put_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (const unsigned char *s = (const unsigned char *)text; s && *s;) {
		int n = utf8_length(s);

		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if (*s < 0x20 || !n)
			fprintf(out, "\\u%04x", *s);
		else
			fwrite(s, 1, (size_t)n, out);
		s += n ? n : 1;
	}
	fputc('"', out);
}

void check_put_text(FILE *out, const char *name, const char *value)
{
	fprintf(out, ", \"%s\": ", name);
	if (value)
		check_put_string(out, value);
	else
		fprintf(out, "null");
}

static const char *text(const char *s)
{
	return s ? s : "";
}

static void put_bool(FILE *out, const char *name, bool value)
{
	fprintf(out, ", \"%s\": %s", name, value ? "true" : "false");
}

/* Leaves the object open. */
static void put_feature(FILE *out, const struct kd_feature *f)
{
	fprintf(out, "{ \"name\": ");
	check_put_string(out, f->name);
	check_put_text(out, "group", text(f->group));
	check_put_text(out, "class", text(check_class_name(f->class)));
	check_put_text(out, "what", text(f->what));
	check_put_text(out, "since", text(f->since));
	check_put_text(out, "commit", text(f->commit));
	check_put_text(out, "config", text(f->config));
	check_put_text(out, "lost", text(f->lost));
	check_put_text(out, "instead", text(f->instead));
	check_put_text(out, "helps", text(f->helps));
}

static void put_item(FILE *out, const struct check_item *item)
{
	const struct kd_answer *a = &item->answer;

	put_feature(out, kerndat_feature(item->row));
	check_put_text(out, "answer", text(kd_state_name(a->state)));
	check_put_text(out, "errno", a->err ? errno_name(a->err) : NULL);
	if (a->has_value)
		fprintf(out, ", \"value\": %" PRIu64, a->value);
	else
		check_put_text(out, "value", NULL);
	check_put_text(out, "why", text(a->why));
	put_bool(out, "counts", item->weight == CHECK_BAD || item->weight == CHECK_MISSING);
	put_bool(out, "cached", item->cached);
	put_bool(out, "masked", item->masked);
	fprintf(out, " }");
}

void check_json_report(FILE *out, const struct check_report *report, bool with_verdict)
{
	static const char *const verdicts[] = {
		[VERDICT_GOOD] = "good", [VERDICT_MISSING] = "missing", [VERDICT_BAD] = "bad",
	};

	fprintf(out, "{ \"format\": 1");
	if (with_verdict)
		check_put_text(out, "verdict", text(verdicts[report->verdict]));
	fprintf(out, ", \"features\": [");
	for (size_t i = 0; i < report->count; i++) {
		fprintf(out, "%s\n  ", i ? "," : "");
		put_item(out, &report->items[i]);
	}
	fprintf(out, "\n] }\n");
}

void check_json_list(FILE *out)
{
	fprintf(out, "{ \"format\": 1, \"features\": [");
	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++) {
		fprintf(out, "%s\n  ", row > KD_NO_ROW + 1 ? "," : "");
		put_feature(out, kerndat_feature(row));
		fprintf(out, " }");
	}
	fprintf(out, "\n] }\n");
}

static void put_way(FILE *out, struct kerndat *kd, enum kd_choice c, const struct kd_way_info *w)
{
	enum kd_row lacks;

	fprintf(out, "{ \"name\": ");
	check_put_string(out, w->name);
	put_bool(out, "open", kerndat_way_open(kd, c, w->way));
	check_put_text(out, "lacks", check_way_lacks(kd, w, &lacks) ? kerndat_feature(lacks)->name : NULL);
	fprintf(out, " }");
}

void check_json_ways(FILE *out, struct kerndat *kd)
{
	fprintf(out, "{ \"format\": 1, \"choices\": [");
	for (int c = 0; c < WAY_CHOICES_END; c++) {
		const struct kd_choice_info *info = kerndat_choice(c);
		const char *taken = NULL;

		for (int i = 0; i < KD_WAYS_MAX && info->ways[i].name && !taken; i++)
			if (kerndat_way_open(kd, c, info->ways[i].way))
				taken = info->ways[i].name;

		fprintf(out, "%s\n  { \"name\": ", c ? "," : "");
		check_put_string(out, info->name);
		check_put_text(out, "what", text(info->what));
		check_put_text(out, "taken", taken);
		fprintf(out, ", \"ways\": [ ");
		for (int i = 0; i < KD_WAYS_MAX && info->ways[i].name; i++) {
			fprintf(out, "%s", i ? ", " : "");
			put_way(out, kd, c, &info->ways[i]);
		}
		fprintf(out, " ] }");
	}
	fprintf(out, "\n] }\n");
}
