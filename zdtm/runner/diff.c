// SPDX-License-Identifier: GPL-2.0-only
/* Two looks at a tree, compared line by line. */
#include "run.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* Is @key, without its pid, one of the patterns before the colon? */
static bool is_allowed(const char *line, const char *may_differ)
{
	const char *what = strchr(line, ' ');
	bool yes = false;
	char *list, *key, *word, *save;

	if (!may_differ || !what)
		return false;
	list = strdup(may_differ);
	list[strcspn(list, ":")] = 0;
	key = strndup(what + 1, strcspn(what + 1, "\t"));
	for (word = strtok_r(list, ",", &save); word && !yes; word = strtok_r(NULL, ",", &save))
		yes = !fnmatch(word + strspn(word, " "), key, 0);
	free(key);
	free(list);
	return yes;
}

static bool same_key(const char *a, const char *b)
{
	size_t n = strcspn(a, "\t");

	return n == strcspn(b, "\t") && !strncmp(a, b, n);
}

/* A task that is gone is gone with a hundred lines; the first tell enough. */
static void show(FILE *to, int nr, const char *sign, const char *line)
{
	if (nr < 16)
		fprintf(to, "%s %.*s\n", sign, 500, line);
	else if (nr == 16)
		fprintf(to, "  ...\n");
}

int snap_diff(const struct snap *before, const struct snap *after, const char *may_differ, FILE *to)
{
	size_t i = 0, j = 0;
	int n = 0;

	while (i < before->n || j < after->n) {
		const char *a = i < before->n ? before->lines[i] : NULL;
		const char *b = j < after->n ? after->lines[j] : NULL;

		if (a && b && same_key(a, b)) {
			if (strcmp(a, b) && !is_allowed(a, may_differ)) {
				show(to, n, "  before", a);
				show(to, n, "  after ", b);
				n++;
			}
			i++;
			j++;
		} else if (a && (!b || strcmp(a, b) < 0)) {
			if (!is_allowed(a, may_differ)) {
				show(to, n, "  gone  ", a);
				n++;
			}
			i++;
		} else {
			if (!is_allowed(b, may_differ)) {
				show(to, n, "  new   ", b);
				n++;
			}
			j++;
		}
	}
	return n;
}
