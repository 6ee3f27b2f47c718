/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/front/config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"
#include "criu/front/cmdline.h"

static const char blanks[] = " \t\r\v\f";

static char *skip_blanks(char *s)
{
	return s + strspn(s, blanks);
}

/* What stands behind a value: nothing, a comment, one stray character, or words. */
static void look_behind(char *rest, struct config_line *l)
{
	rest = skip_blanks(rest);
	if (!*rest || *rest == '#')
		return;
	if (!*skip_blanks(rest + 1) || *skip_blanks(rest + 1) == '#')
		l->stray = true;
	else
		l->words = true;
}

/* @s is behind the opening quote. A # is a comment even here: that is the format. */
static int split_quoted(char *s, struct config_line *l)
{
	char *out = s;

	l->value = s;
	for (; *s; s++) {
		if (*s == '"') {
			*out = 0;
			look_behind(s + 1, l);
			return 0;
		}
		if (*s == '#') {
			*out = 0;
			l->cut = true;
			return 0;
		}
		if (s[0] == '\\' && s[1] == '"')
			s++;
		*out++ = *s;
	}
	return -EINVAL;
}

static void split_plain(char *s, struct config_line *l)
{
	char *end = s + strcspn(s, " \t\r\v\f#");
	char ended_by = *end;

	l->value = s;
	*end = 0;
	if (ended_by && ended_by != '#')
		look_behind(end + 1, l);
}

int config_split(char *line, struct config_line *ret)
{
	struct config_line l = {};
	char *name = skip_blanks(line), *rest, *eq;
	int r = 0;

	/* Blanks at the end are no argument. */
	for (size_t n = strlen(name); n && strchr(blanks, name[n - 1]); n--)
		name[n - 1] = 0;

	if (*name && *name != '#') {
		l.name = name;
		rest = name + strcspn(name, blanks);
		if (*rest)
			*rest++ = 0;
		rest = skip_blanks(rest);

		eq = strchr(name, '=');
		if (eq) {
			*eq = 0;
			l.assigned = true;
			l.value = eq + 1;
			look_behind(rest, &l);
		} else if (*rest == '"') {
			r = split_quoted(rest + 1, &l);
		} else if (*rest && *rest != '#') {
			split_plain(rest, &l);
		}
	}

	if (r == 0)
		*ret = l;
	return r;
}

/* Blanks separate a switch from words that mean nothing; only name=value is wrong there. */
static int check_form(const struct opt_parse *p, const struct opt_row *row, struct config_line *l)
{
	if (row->arg == ARG_NO && l->value) {
		if (l->assigned)
			return refuse_path(p->where, -EINVAL, "give %s a value", l->name);
		pr_warn("%s: what follows %s has no meaning", p->where, l->name);
		l->value = NULL;
		return 0;
	}
	if (l->words)
		return refuse_path(p->where, -EINVAL,
				   "use this line, unsupported configuration file format; one "
				   "option a line, an argument with blanks in double quotes");
	if (row->arg == ARG_YES && !l->value)
		return refuse_path(p->where, -EINVAL, "use %s without its argument %s", l->name,
				   row->arg_name);
	if (l->stray)
		pr_warn("%s: a stray character behind the value of %s is left out", p->where,
			l->name);
	if (l->cut)
		pr_warn("%s: # opens a comment in quotes, too; the value of %s is \"%s\"",
			p->where, l->name, l->value);
	return 0;
}

static int take_line(struct opt_parse *p, char *line)
{
	const struct opt_row *row;
	struct config_line l;
	bool on = true;
	int r, why = 0;

	r = config_split(line, &l);
	if (r < 0)
		return refuse_path(p->where, r, "find the closing quote, unsupported configuration "
						"file format");
	if (!l.name)
		return 0;

	row = opt_find(l.name, &on, &why);
	if (!row)
		return refuse_path(p->where, -EINVAL, "find an option named \"%s\"%s", l.name,
				   why == -EEXIST ? "; it is the beginning of several" :
						    "; give long names without dashes");

	r = check_form(p, row, &l);
	if (r < 0)
		return r;
	return cmdline_take(p, row, l.value, on);
}

int config_read(struct opt_parse *p, const char *path)
{
	char where[PATH_MAX + 16], *text, *line, *next;
	size_t size;
	int r, n = 1;

	r = io_slurp_at(AT_FDCWD, path, &text, &size);
	if (r == -ENOENT || r == -ENOTDIR)
		return 0;
	if (r < 0)
		return err_path(path, r, "read this configuration file");
	if (strlen(text) != size) {
		free(text);
		return refuse_path(path, -EINVAL, "read a configuration file with NUL bytes");
	}

	p->where = where;
	for (line = text; line; line = next, n++) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		snprintf(where, sizeof(where), "%s:%d", path, n);
		r = take_line(p, line);
		if (r < 0)
			break;
	}
	p->where = "";
	return r;	/* @text stays: the options point into it */
}

static int read_default_files(struct opt_parse *p)
{
	const char *home = getenv("HOME");
	autofree char *path = NULL;
	int r;

	r = config_read(p, "/etc/criu/default.conf");
	if (r < 0 || !home || !*home)
		return r;

	if (asprintf(&path, "%s/.criu/default.conf", home) < 0)
		return err_any(-ENOMEM, "name the configuration file of this user");
	/* HOME may be somebody else's (sudo, setpriv): what we may not look at is not ours to heed. */
	if (access(path, R_OK) < 0 && errno == EACCES) {
		pr_warn("%s: not read, HOME is closed to us; set HOME or pass --no-default-config\n", path);
		return 0;
	}
	return config_read(p, path);
}

int config_read_all(struct opt_parse *p)
{
	const char *env = getenv("CRIU_CONFIG_FILE");
	int r = 0;

	if (!p->no_default_config && !p->config)
		r = read_default_files(p);
	if (r == 0 && env && *env)
		r = config_read(p, env);
	if (r == 0 && p->config)
		r = config_read(p, p->config);
	return r;
}
