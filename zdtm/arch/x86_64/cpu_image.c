// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "a dump with --cpu-cap writes the CPU, and the same CPU takes it back", .opts = "--cpu-cap");

void test(void)
{
	checkpoint_and_restore();
}
