/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * criu check: what this host can do.
 *
 *	check				category 1: what every dump and restore needs
 *	check --extra, --experimental	and category 2, 3; --all is both
 *	check --feature X[,Y...]	only these; "X is supported" for each that is there
 *	check --unprivileged		what needs a privilege we do not have is not held against us
 *	check --list			all names, since which kernel, with their answers left out
 *	check --explain NAME		all there is to say of one
 *	check --ways			which way the engine takes for each choice here, and why
 *	--json				any of these for programs
 *
 * The answers go to stdout, errors to the log.
 */
#pragma once

#include <stdbool.h>

/* As parsed; strings are borrowed. At most one of features, list, explain, ways is set. */
struct check_opts {
	bool extra;	      /* --extra, --all */
	bool experimental;    /* --experimental, --all */
	bool unprivileged;    /* --unprivileged */
	bool list;	      /* --list */
	bool ways;	      /* --ways */
	bool json;	      /* --json */
	const char *features; /* --feature: comma list, the last one given; NULL: none */
	const char *explain;  /* --explain; NULL: none */
};

/* The exit status: 0 or 1 as wire/cli.md 1.1 has it. Opens and closes its own kerndat. */
int check_run(const struct check_opts *opts);
