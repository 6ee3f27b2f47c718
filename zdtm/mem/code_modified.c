// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "pages of the program itself that were written to (copied code, data, bss) keep their bytes");

static char bss[100000];
static char data[100000] = "data";

void test(void)
{
	size_t page = page_size();
	uintptr_t code = (uintptr_t)test & ~(page - 1);
	char *copy = malloc(page);

	/* A private copy of a page of code, equal to the file but for a byte that is never run. */
	memcpy(copy, (void *)code, page);
	ok_zero(mprotect((void *)code, page, PROT_READ | PROT_WRITE | PROT_EXEC));
	memcpy((void *)code, copy, page);
	ok_zero(mprotect((void *)code, page, PROT_READ | PROT_EXEC));
	pattern(bss, sizeof(bss), 1);
	pattern(data + 50000, 1000, 2);
	checkpoint_and_restore();
	ok_mem((void *)code, copy, page);
	ok_pattern(bss, sizeof(bss), 1);
	ok_pattern(data + 50000, 1000, 2);
	ok_str(data, "data");
}
