/* SPDX-License-Identifier: GPL-2.0-only */
/* Between check.c, which asks, and check_text.c and check_json.c, which tell. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "kerndat/kerndat.h"

/* What an answer means for the verdict. */
enum check_weight {
	CHECK_BAD,     /* needed and not there */
	CHECK_MISSING, /* extra or experimental, and not there */
	CHECK_EXCUSED, /* not there, and not held against the host */
	CHECK_GOOD,
};

struct check_item {
	enum kd_row row;
	struct kd_answer answer;
	enum check_weight weight;
	bool cached, masked;
};

enum check_verdict { VERDICT_GOOD, VERDICT_MISSING, VERDICT_BAD };

struct check_report {
	struct check_item items[KD_ROWS_END];
	size_t count;
	enum check_verdict verdict;
};

/* A way as it stands here: open, and what it lacks. */
bool check_way_lacks(struct kerndat *kd, const struct kd_way_info *way, enum kd_row *ret_row);

void check_text_report(FILE *out, const struct check_report *report, bool all_rows);
void check_text_list(FILE *out);
void check_text_explain(FILE *out, const struct check_item *item);
void check_text_ways(FILE *out, struct kerndat *kd);

void check_json_report(FILE *out, const struct check_report *report, bool with_verdict);
void check_json_list(FILE *out);
void check_json_ways(FILE *out, struct kerndat *kd);

const char *check_class_name(enum kd_class class);
const char *check_verdict_text(enum check_verdict verdict);
