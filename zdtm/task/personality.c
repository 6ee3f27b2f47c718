// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/personality.h>

TEST(.does = "the personality: no address randomization, old mmap layout",
     .peer = "it writes the personality into the image and does not read it");

void test(void)
{
	ok_ne(personality(PER_LINUX | ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT), -1);
	checkpoint_and_restore();
	ok_eq(personality(0xffffffff), PER_LINUX | ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT);
}
