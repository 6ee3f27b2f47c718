/* SPDX-License-Identifier: LGPL-2.1-only */
/* The table out of features.h, and its names. */
#include "kerndat/kerndat.h"

#include <errno.h>
#include <string.h>

#include "kerndat/probes.h"

static const struct kd_feature table[] = {
#define NEEDED	     KD_NEEDED
#define EXTRA	     KD_EXTRA
#define EXPERIMENTAL KD_EXPERIMENTAL
#define INFO	     KD_INFO
#define BOOT	     KD_BOOT
#define NS	     KD_NS
#define CALLER	     KD_CALLER
#define LIVE	     KD_LIVE
#define MAIN	     KD_LAB_MAIN
#define FEATURE(id, ...) [KD_##id] = { __VA_ARGS__ },
#include "kerndat/features.h"
#undef FEATURE
};

_Static_assert(sizeof(table) / sizeof(table[0]) == KD_ROWS_END, "a row for every name");

const struct kd_feature *kerndat_feature(enum kd_row row)
{
	return &table[row];
}

int kerndat_find(const char *name)
{
	for (int i = KD_NO_ROW + 1; i < KD_ROWS_END; i++)
		if (!strcmp(table[i].name, name))
			return i;
	return -ENOENT;
}
