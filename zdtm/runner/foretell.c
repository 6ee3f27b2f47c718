// SPDX-License-Identifier: GPL-2.0-only
/*
 * --check-tree: right before every dump criu is asked whether the tree can be dumped, and what the dump does must be what
 * `criu check --tree` has said: no blockers where it succeeds, and where it refuses the code of the refusal among the
 * blockers, unless that is one of those that the answer lists as seen by a dump only.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#define CODE_MAX 64

int foretell(struct stage *s, const char *img)
{
	struct call c = { .verb = "check", .img = img, .kill_us = -1 };

	if (!s->r->o->check_tree)
		return 0;
	return criu_call(s, &c);
}

static char *slurp(const char *img, const char *name)
{
	char *path, *text = NULL;
	size_t size = 0;
	FILE *f;

	if (asprintf(&path, "%s/%s", img, name) < 0)
		abort();
	f = fopen(path, "re");
	free(path);
	if (!f || getdelim(&text, &size, 0, f) < 0)
		text = NULL;
	if (f)
		fclose(f);
	return text ? text : strdup("");
}

/* The first error of the dump that ends with a code in brackets. */
static bool code_of_refusal(const char *log, char code[CODE_MAX])
{
	for (const char *p = log; (p = strstr(p, "Error ("));) {
		size_t line = strcspn(p, "\n"), n;
		const char *open;

		if (line && p[line - 1] == ']') {
			for (open = p + line - 1; *open != '[';)
				open--;
			n = p + line - 1 - (open + 1);
			if (n && n < CODE_MAX && strspn(open + 1, "abcdefghijklmnopqrstuvwxyz0123456789-") == n) {
				snprintf(code, CODE_MAX, "%.*s", (int)n, open + 1);
				return true;
			}
		}
		p += line;
	}
	return false;
}

/* Is @code among the blockers of the answer, or in its list "not_seen"? */
static bool is_listed(const char *json, const char *code, bool not_seen)
{
	const char *end = strstr(json, "\"warnings\": ["), *later = strstr(json, "\"not_seen\": ["), *at;
	char want[CODE_MAX + 16];

	snprintf(want, sizeof(want), "\"code\": \"%s\"", code);
	at = strstr(not_seen && later ? later : json, want);
	return at && (not_seen ? later != NULL : end && at < end);
}

static int wrong(struct stage *s, const char *json, const char *why, const char *code)
{
	printf("what check --tree says:\n%s\n", json);
	return verdict(s->r, FAIL, "%s%s", why, code);
}

int foretold(struct stage *s, const char *img, int said, bool dumped)
{
	char *json, *log, code[CODE_MAX] = "";
	int v = PASS;

	if (!s->r->o->check_tree)
		return PASS;
	if (said != 0 && said != 1)
		return act_failed(s, img, "check", said, "--tree failed");
	json = slurp(img, "check.json");
	log = slurp(img, "dump.log");
	if (dumped && said == 1)
		v = wrong(s, json, "check --tree names blockers, but dump succeeds", "");
	else if (!dumped && !code_of_refusal(log, code))
		v = wrong(s, json, "dump refuses without a code", "");
	else if (!dumped && !is_listed(json, code, false) && !(said == 0 && is_listed(json, code, true)))
		v = wrong(s, json, "check --tree does not name what dump refuses: ", code);
	free(json);
	free(log);
	return v;
}
