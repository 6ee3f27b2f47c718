// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/auxv.h>

#define HWCAP2_MTE_ (1ul << 18)
#define PROT_MTE_   0x20

TEST(.does = "memory with tags is refused: an image has no place for them", .refused = "memory with tags");

void test(void)
{
	if (!(getauxval(AT_HWCAP2) & HWCAP2_MTE_))
		skip("this CPU has no memory tags");
	ok_map(mmap(NULL, page_size(), PROT_READ | PROT_WRITE | PROT_MTE_, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	checkpoint_and_restore();
}
