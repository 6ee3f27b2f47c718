// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <setjmp.h>

TEST(.does = "memory protection keys: which key a mapping has, and what a thread may do with it",
     .peer = "it forgets protection keys");

static sigjmp_buf back;

static void on_segv(int sig)
{
	siglongjmp(back, 1);
}

void test(void)
{
	size_t page = page_size();
	int key = pkey_alloc(0, 0);
	char *p;

	if (key < 0)
		skip("no protection keys here: %s", strerror(errno));
	p = ok_map(mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	strcpy(p, "locked");
	ok_zero(pkey_mprotect(p, page, PROT_READ | PROT_WRITE, key));
	ok_zero(pkey_set(key, PKEY_DISABLE_ACCESS));
	signal(SIGSEGV, on_segv);
	checkpoint_and_restore();
	ok_eq(pkey_get(key), PKEY_DISABLE_ACCESS);
	if (!sigsetjmp(back, 1)) {
		*(volatile char *)p;
		fail("the key does not lock");
	}
	ok_zero(pkey_set(key, 0));
	ok_str(p, "locked");
}
