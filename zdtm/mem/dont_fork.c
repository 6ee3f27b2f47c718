// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

TEST(.does = "memory that the child did not get (MADV_DONTFORK) is not given to it by the restore");

static char *p;

static void kid(void *arg)
{
	unsigned char vec;

	ok_errno(mincore(p, page_size(), &vec), ENOMEM);
	checkpoint_and_restore();
	ok_errno(mincore(p, page_size(), &vec), ENOMEM);
}

void test(void)
{
	size_t page = page_size();
	pid_t pid;

	/* Guards beside it, so that the child's gap is not closed by another mapping. */
	p = (char *)ok_map(mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) + page;
	ok_zero(mprotect(p, page, PROT_READ | PROT_WRITE));
	ok_zero(madvise(p, page, MADV_DONTFORK));
	p[0] = 'p';
	pid = child(kid, NULL);
	checkpoint_and_restore();
	ok_eq(p[0], 'p');
	child_ok(pid);
}
