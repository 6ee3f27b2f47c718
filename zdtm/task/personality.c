// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/personality.h>

TEST(.does = "the personality: no address randomization, old mmap layout",
     .peer = "restore: it does not read the personality that it writes into the image");

void test(void)
{
	ok_ne(personality(PER_LINUX | ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT), -1);
	checkpoint_and_restore();
	ok_eq(personality(0xffffffff), PER_LINUX | ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT);
}
