/* SPDX-License-Identifier: GPL-2.0-only */
/* criu check: ask kerndat, weigh the answers, tell. */
#include "criu/flow/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/flow/check_report.h"
#include "criu/flow/nearest.h"

const char *check_class_name(enum kd_class class)
{
	switch (class) {
	case KD_NEEDED:
		return "needed";
	case KD_EXTRA:
		return "extra";
	case KD_EXPERIMENTAL:
		return "experimental";
	case KD_INFO:
		return "info";
	}
	return "";
}

/* The beginnings are part of the interface: scripts look for them. */
const char *check_verdict_text(enum check_verdict verdict)
{
	switch (verdict) {
	case VERDICT_GOOD:
		return "Looks good.";
	case VERDICT_MISSING:
		return "Looks good but some kernel features are missing; what they cost is told above.";
	case VERDICT_BAD:
		return "Does not look good.";
	}
	return "";
}

/* Refused for want of privilege, as opposed to not being there. */
static bool is_privilege(const struct kd_answer *a)
{
	return a->state != KD_YES && (a->err == EPERM || a->err == EACCES || a->err == EROFS);
}

static enum check_weight weigh(struct kerndat *kd, const struct check_opts *opts, enum kd_row row,
			       const struct kd_answer *a)
{
	const struct kd_feature *f = kerndat_feature(row);

	if (a->state == KD_YES)
		return CHECK_GOOD;
	if (f->class == KD_INFO || (opts->unprivileged && is_privilege(a)) ||
	    (f->unless && kerndat_has(kd, f->unless)))
		return CHECK_EXCUSED;
	return f->class == KD_NEEDED ? CHECK_BAD : CHECK_MISSING;
}

static void ask(struct kerndat *kd, const struct check_opts *opts, enum kd_row row,
		struct check_report *report)
{
	struct check_item *item = &report->items[report->count++];

	item->row = row;
	item->answer = kerndat_ask(kd, row);
	item->weight = weigh(kd, opts, row, &item->answer);
	item->cached = kerndat_was_cached(kd, row);
	item->masked = kerndat_was_masked(kd, row);

	if (item->weight == CHECK_BAD)
		report->verdict = VERDICT_BAD;
	if (item->weight == CHECK_MISSING && report->verdict == VERDICT_GOOD)
		report->verdict = VERDICT_MISSING;
}

static bool is_wanted(const struct check_opts *opts, const struct kd_feature *f)
{
	switch (f->class) {
	case KD_NEEDED:
		return true;
	case KD_EXTRA:
		return opts->extra;
	case KD_EXPERIMENTAL:
		return opts->experimental;
	case KD_INFO:
		break;
	}
	return opts->json && opts->extra && opts->experimental; /* facts are for programs */
}

/* --- the verbs -------------------------------------------------------------------------------- */

static int check_host(struct kerndat *kd, const struct check_opts *opts)
{
	autofree struct check_report *report = calloc(1, sizeof(*report));
	enum kd_row rows[KD_ROWS_END];
	size_t count = 0;

	if (!report)
		return err_any(-ENOMEM, "keep the answers");
	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++)
		if (is_wanted(opts, kerndat_feature(row)))
			rows[count++] = row;
	kerndat_warm(kd, rows, count);
	for (size_t i = 0; i < count; i++)
		ask(kd, opts, rows[i], report);

	if (opts->json)
		check_json_report(stdout, report, true);
	else
		check_text_report(stdout, report, log_shows(LOG_INFO));
	return report->verdict == VERDICT_GOOD ? 0 : -ENOTSUP;
}

static void say_unsupported(const struct check_item *item)
{
	const struct kd_feature *f = kerndat_feature(item->row);
	const struct kd_answer *a = &item->answer;

	pr_warn("%s: %s%s%s%s%s; without it: %s", f->name, kd_state_name(a->state),
		a->err ? ": " : "", a->err ? errno_name(a->err) : "", *a->why ? ": " : "", a->why,
		f->lost && *f->lost ? f->lost : "nothing is lost");
}

static int check_features(struct kerndat *kd, const struct check_opts *opts)
{
	autofree struct check_report *report = calloc(1, sizeof(*report));
	autofree char *names = strdup(opts->features);
	char *name, *rest;
	bool all = true;

	if (!report || !names)
		return err_any(-ENOMEM, "keep the answers");

	for (name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		int row = kerndat_find(name);

		if (row < 0)
			return refuse_any(-ENOENT, "check %s, there is no such feature%s", name,
					  nearest_hint(name, (char[128]){ 0 }));
		if (report->count < KD_ROWS_END)
			ask(kd, opts, row, report);
	}
	if (!report->count)
		return refuse_any(-EINVAL, "check no feature at all; `criu check --list` lists them");

	for (size_t i = 0; i < report->count; i++) {
		const struct check_item *item = &report->items[i];

		if (item->answer.state != KD_YES) {
			all = false;
			if (!opts->json)
				say_unsupported(item);
		} else if (!opts->json) {
			printf("%s is supported\n", kerndat_feature(item->row)->name);
		}
	}
	if (opts->json)
		check_json_report(stdout, report, false);
	return all ? 0 : -ENOTSUP;
}

static int check_explain(struct kerndat *kd, const struct check_opts *opts)
{
	autofree struct check_report *report = calloc(1, sizeof(*report));
	int row = kerndat_find(opts->explain);

	if (!report)
		return err_any(-ENOMEM, "keep the answers");
	if (row < 0)
		return refuse_any(row, "explain %s, there is no such feature%s", opts->explain,
				  nearest_hint(opts->explain, (char[128]){ 0 }));
	ask(kd, opts, row, report);
	if (opts->json)
		check_json_report(stdout, report, false);
	else
		check_text_explain(stdout, &report->items[0]);
	return 0;
}

bool check_way_lacks(struct kerndat *kd, const struct kd_way_info *way, enum kd_row *ret_row)
{
	for (size_t i = 0; i < sizeof(way->needs) / sizeof(way->needs[0]) && way->needs[i]; i++) {
		if (kerndat_has(kd, way->needs[i]))
			continue;
		*ret_row = way->needs[i];
		return true;
	}
	return false;
}

static int check_dispatch(struct kerndat *kd, const struct check_opts *opts)
{
	if (opts->features)
		return check_features(kd, opts);
	if (opts->explain)
		return check_explain(kd, opts);
	if (opts->ways)
		(opts->json ? check_json_ways : check_text_ways)(stdout, kd);
	else if (opts->list)
		(opts->json ? check_json_list : check_text_list)(stdout);
	else
		return check_host(kd, opts);
	return 0;
}

int check_run(const struct check_opts *opts)
{
	struct kerndat *kd;
	int r;

	r = kerndat_open(&kd);
	if (r < 0)
		return 1;
	r = check_dispatch(kd, opts);
	kerndat_leave(kd);

	if (fflush(stdout) || ferror(stdout)) {
		err_any(-EIO, "write the answers to stdout");
		return 1;
	}
	return r < 0 ? 1 : 0;
}
