// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <setjmp.h>

TEST(.does = "a handler of SIGSEGV goes on to get the address of the fault");

static sigjmp_buf back;
static void *volatile where;

static void handler(int sig, siginfo_t *si, void *ctx)
{
	where = si->si_addr;
	siglongjmp(back, 1);
}

void test(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	char *p = ok_map(mmap(NULL, page_size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));

	ok_sys(sigaction(SIGSEGV, &sa, NULL));
	checkpoint_and_restore();
	if (!sigsetjmp(back, 1))
		*(volatile char *)(p + 123) = 1;
	ok_ptr(where, p + 123);
}
