/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/nearest.h"

#include <stdint.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "kerndat/kerndat.h"

#define NAME_MAX_LEN 63

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many letters must be put in, taken out or replaced to make @b of @a. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1], n = strlen(b);

	for (size_t k = 0; k <= n; k++)
		row[k] = k;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t above_left = row[0];

		row[0] = i;
		for (size_t k = 1; k <= n; k++) {
			size_t above = row[k];

			row[k] = least(above + 1, row[k - 1] + 1, above_left + (a[i - 1] != b[k - 1]));
			above_left = above;
		}
	}
	return row[n];
}

const char *nearest_feature(const char *name)
{
	/* Of a name with more letters wrong than right nobody can tell. */
	size_t best = strlen(name) / 3 + 2;
	const char *nearest = NULL;

	if (strlen(name) > NAME_MAX_LEN)
		return NULL;
	for (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++) {
		const char *known = kerndat_feature(row)->name;
		size_t d = strlen(known) <= NAME_MAX_LEN ? distance(name, known) : SIZE_MAX;

		if (d < best) {
			best = d;
			nearest = known;
		}
	}
	return nearest;
}

const char *nearest_hint(const char *name, char buf[128])
{
	const char *near = nearest_feature(name);

	snprintf(buf, 128, "; %s%s%s`criu check --list` lists them", near ? "did you mean " : "", near ? near : "", near ? "? " : "");
	return buf;
}
