/* SPDX-License-Identifier: GPL-2.0-only */
/* Between check.c and check_tree.c, which ask, and their ..._text.c and ..._json.c, which tell. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

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

struct dump;

/* What d->survey has found. */
void check_tree_text(FILE *out, const struct dump *d);
void check_tree_json(FILE *out, const struct dump *d);
/* The name of process @pid of the tree; NULL: it is none, or a thread. */
const char *check_tree_comm(const struct dump *d, pid_t pid);

/* Words from column @column on, further lines from @indent; always ends the line. */
void check_put_wrapped(FILE *out, int column, int indent, const char *s);
/* JSON: a string, whatever bytes it has; `, "NAME": ` and a string, or null. */
void check_put_string(FILE *out, const char *s);
void check_put_text(FILE *out, const char *name, const char *value);

const char *check_class_name(enum kd_class class);
const char *check_verdict_text(enum check_verdict verdict);
