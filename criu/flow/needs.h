/* SPDX-License-Identifier: GPL-2.0-only */
/* What images ask of a kernel: needs_table.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "kerndat/kerndat.h"

struct restore;

struct image_need {
	bool (*is_there)(const struct restore *rs);
	const char *what;
	enum kd_row row, or_row;
};

extern const struct image_need image_needs[];
extern const size_t image_needs_n;
