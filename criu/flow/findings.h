/* SPDX-License-Identifier: GPL-2.0-only */
/* Between check_images.c, which looks, and findings.c, which tells. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct arena;

/* In the order of the report. */
enum finding_about { ABOUT_IMAGES, ABOUT_HOST, ABOUT_CPU, ABOUT_KERNEL, ABOUT_TREE, ABOUT_PIDS, ABOUT_FILES, ABOUTS };

/* Worst first. */
enum finding_weight {
	FINDING_BAD,	 /* a restore is refused or fails */
	FINDING_UNKNOWN, /* could not be asked */
	FINDING_NOTE,	 /* good to know */
	FINDING_WEIGHTS,
};

struct finding {
	enum finding_about about;
	enum finding_weight weight;
	const char *what, *helps; /* "" if nothing */
	struct finding *next;
};

struct findings {
	struct arena *arena;
	struct finding *first, **last;
	size_t count[FINDING_WEIGHTS];
	bool lost; /* no memory for one */
};

void findings_init(struct findings *f, struct arena *arena);
/* @text: "WHAT; HELPS", copied. */
void findings_add(struct findings *f, enum finding_about about, enum finding_weight weight, const char *text);
/* @where: "this host", or the file of facts. @n_tasks and @n_files: what was looked at. */
void findings_print(FILE *out, const struct findings *f, const char *where, size_t n_tasks, size_t n_files);
void findings_print_json(FILE *out, const struct findings *f, const char *where, size_t n_tasks, size_t n_files);
