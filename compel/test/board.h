/* SPDX-License-Identifier: LGPL-2.1-only */
/* What victim and tester see of each other: a shared page. */
#pragma once

#include <stdint.h>

struct victim_board {
	int64_t beats[8];
	int64_t slept_us;
	int32_t child;
	int32_t errnum;
	char failed[200];	/* "": all is well */
};
