/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/front/cmdline.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/front/config.h"
#include "criu/front/setters.h"
#include "criu/front/usage.h"
#include "criu/front/values.h"

/* getopt_long() answers with this for row i; one more for its --no- form. */
#define CODE(i) (256 + 2 * (int)(i))

struct getopt_tables {
	struct option longs[2 * OPT_ROWS_MAX + 1];
	char shorts[3 * OPT_ROWS_MAX + 1];
};

static int arg_for_getopt(enum opt_arg a)
{
	switch (a) {
	case ARG_NO:
		return no_argument;
	case ARG_YES:
		return required_argument;
	case ARG_MAYBE:
		return optional_argument;
	}
	return no_argument;
}

static int getopt_tables_make(struct getopt_tables **ret)
{
	autofree struct getopt_tables *t = calloc(1, sizeof(*t));
	struct option *l;
	char *s;

	if (!t)
		return -ENOMEM;

	l = t->longs;
	s = t->shorts;
	for (size_t i = 0; i < opt_rows_n; i++) {
		const struct opt_row *row = &opt_rows[i];

		*l++ = (struct option){ row->name, arg_for_getopt(row->arg), NULL, CODE(i) };
		if (row->no_form) {
			autofree char *no = NULL;

			if (asprintf(&no, "no-%s", row->name) < 0)
				return -ENOMEM;
			*l++ = (struct option){ take_ptr(no), no_argument, NULL, CODE(i) + 1 };
		}
		if (row->letter && !strchr(t->shorts, row->letter)) {
			*s++ = row->letter;
			for (int k = arg_for_getopt(row->arg); k > 0; k--)
				*s++ = ':';
		}
	}

	*ret = take_ptr(t);
	return 0;
}

static void getopt_tables_free(struct getopt_tables *t)
{
	for (struct option *l = t->longs; l->name; l++)
		if (l->val & 1)
			free((char *)l->name);
	free(t);
}

static const struct opt_row *row_of(int code, bool *ret_on)
{
	*ret_on = true;
	if (code >= 256) {
		*ret_on = !(code & 1);
		return &opt_rows[(code - 256) / 2];
	}
	for (size_t i = 0; i < opt_rows_n; i++)
		if (opt_rows[i].letter == code)
			return &opt_rows[i];
	return NULL;	/* '?' */
}

int cmdline_take(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on)
{
	int r = row->set(p, row, arg, on);

	if (r == -ECANCELED)
		return r;
	if (r < 0)
		return err_path(p->where, r, "take \"%s\" for --%s; %s is: %s", arg ? arg : "",
				row->name, row->arg_name ? row->arg_name : "it", row->help);

	p->on[row - opt_rows] = on;
	if (!*p->where)
		p->typed[row - opt_rows] = true;
	return 0;
}

/* The files come before the command line, but it is the command line that names them. */
static int find_config_options(int argc, char **argv, const struct getopt_tables *t,
			       struct opt_parse *p)
{
	/*
	 * getopt moves what is no option to the end. Had it done so when the words are read again, a last option that lacks its
	 * argument would take the command for it.
	 */
	autofree char **words = calloc(argc + 1, sizeof(*words));
	int code, r = words ? 0 : -ENOMEM;

	if (words)
		memcpy(words, argv, argc * sizeof(*words));
	opterr = 0;	/* the second reading complains */
	optind = 0;
	while (r == 0 && (code = getopt_long(argc, words, t->shorts, t->longs, NULL)) != -1) {
		const struct opt_row *row;
		bool on;

		row = row_of(code, &on);
		if (row && (row->set == set_config || row->set == set_no_default_config))
			r = row->set(p, row, optarg, on);
	}
	return r;
}

static int take_options(int argc, char **argv, const struct getopt_tables *t, struct opt_parse *p)
{
	int code, r;

	opterr = 1;
	optind = 0;
	p->where = "";
	while ((code = getopt_long(argc, argv, t->shorts, t->longs, NULL)) != -1) {
		const struct opt_row *row;
		bool on;

		row = row_of(code, &on);
		if (!row) {
			usage_hint();
			return -EINVAL;
		}
		r = cmdline_take(p, row, optarg, on);
		if (r < 0)
			return r;
	}
	return 0;
}

static const struct command_row *find_command(char **words, int n)
{
	for (size_t i = 0; i < command_rows_n; i++) {
		const struct command_row *c = &command_rows[i];

		if (n < 1 || strcmp(words[0], c->word))
			continue;
		if (!c->second || (n > 1 && !strcmp(words[1], c->second)))
			return c;
	}
	return NULL;
}

static int take_words(char **words, int n, struct opt_parse *p)
{
	const struct command_row *c = find_command(words, n);
	uint64_t fd;

	if (!c)
		return usage_wrong(n ? words[0] : NULL);

	p->o->command = c->command;
	words += c->second ? 2 : 1;
	n -= c->second ? 2 : 1;

	if (c->command == CMD_SWRK) {
		if (n != 1 || value_number(words[0], INT_MAX, &fd) < 0)
			return refuse_any(-EINVAL, "run swrk like this; it takes one descriptor: "
						   "criu swrk FD");
		p->o->swrk_fd = fd;
		return 0;
	}
	if (c->command == CMD_RESTORE && p->o->exec_cmd && n > 0) {
		p->o->exec_argv = words;	/* argv is NULL-terminated */
		return 0;
	}
	if (n > 0)
		return usage_wrong(words[0]);
	return 0;
}

int cmdline_parse(int argc, char **argv, struct opt_parse *p)
{
	struct getopt_tables *t;
	int r;

	r = getopt_tables_make(&t);
	if (r < 0)
		return err_any(r, "build the table of options");

	p->where = "";
	if (getenv("CRIU_DEPRECATED"))
		p->o->deprecated = true;

	r = find_config_options(argc, argv, t, p);
	if (r == 0)
		r = config_read_all(p);
	if (r == 0)
		r = take_options(argc, argv, t, p);
	getopt_tables_free(t);

	if (r < 0 || p->help || p->version)
		return r;
	return take_words(argv + optind, argc - optind, p);
}
