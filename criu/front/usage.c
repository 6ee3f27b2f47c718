/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/front/usage.h"

#include <string.h>

#include "base/err.h"
#include "criu/front/table.h"

#define COLUMNS 79
#define INDENT	29	/* where the text of an option starts */

/* Words of @text from column @at on, folded to the column INDENT. */
static void put_folded(FILE *to, size_t at, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, " ");

		if (at > INDENT && at + 1 + len > COLUMNS) {
			fprintf(to, "\n%*s", INDENT, "");
			at = INDENT;
		} else if (at > INDENT) {
			fputc(' ', to);
			at++;
		}
		fprintf(to, "%.*s", (int)len, text);
		at += len;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', to);
}

/* "  -D, --images-dir DIR"; returns the column behind it. */
static size_t put_name(FILE *to, const struct opt_row *row)
{
	int n;

	n = row->letter ? fprintf(to, "  -%c, ", row->letter) : fprintf(to, "      ");
	n += fprintf(to, "--%s", row->name);
	if (row->arg == ARG_YES)
		n += fprintf(to, " %s", row->arg_name);
	if (row->arg == ARG_MAYBE)
		n += fprintf(to, "[=%s]", row->arg_name);
	return n;
}

static void put_option(FILE *to, const struct opt_row *row)
{
	char text[512];
	size_t at = put_name(to, row);

	if (at + 2 > INDENT)
		fprintf(to, "\n%*s", INDENT, "");
	else
		fprintf(to, "%*s", (int)(INDENT - at), "");

	snprintf(text, sizeof(text), "%s%s", row->help, row->later ? " (not yet)" : "");
	put_folded(to, INDENT, text);
}

static void put_commands(FILE *to)
{
	fprintf(to, "Usage: criu COMMAND [OPTION]... [-- ARGUMENT...]\n\nCommands:\n");
	for (size_t i = 0; i < command_rows_n; i++) {
		const struct command_row *c = &command_rows[i];
		char name[64];

		snprintf(name, sizeof(name), "%s%s%s%s%s", c->word, c->second ? " " : "",
			 c->second ? c->second : "", *c->args ? " " : "", c->args);
		fprintf(to, "  %-27s%s%s\n", name, c->help, c->later ? " (not yet)" : "");
	}
}

void usage_print(FILE *to)
{
	static const char *const titles[GROUPS] = {
		[GROUP_DUMP] = "Dump",
		[GROUP_RESTORE] = "Restore",
		[GROUP_BOTH] = "Dump and restore",
		[GROUP_MEMORY] = "Memory, in more than one step",
		[GROUP_CGROUP] = "Cgroups",
		[GROUP_NS] = "Namespaces and mounts",
		[GROUP_SERVER] = "Servers",
		[GROUP_CHECK] = "Check",
		[GROUP_COMMON] = "All commands",
		[GROUP_LOG] = "Logs",
	};

	put_commands(to);
	for (int g = 0; g < GROUPS; g++) {
		fprintf(to, "\n%s:\n", titles[g]);
		for (size_t i = 0; i < opt_rows_n; i++)
			if ((int)opt_rows[i].group == g)
				put_option(to, &opt_rows[i]);
	}
	fprintf(to, "\nMost options without an argument can be taken back by --no-NAME. What is marked\n"
		    "(not yet) is known and refused. More: man criu.\n");
}

void usage_hint(void)
{
	fprintf(stderr, "Try \"criu --help\".\n");
}

int usage_wrong(const char *word)
{
	if (word)
		(void)refuse_any(-EINVAL, "make sense of \"%s\" here", word);
	put_commands(stderr);
	usage_hint();
	return -EINVAL;
}
