// SPDX-License-Identifier: LGPL-2.1-only
/* Commands of the tests' parasite. */
#include <errno.h>

#include "arch/sys.h"
#include "compel/inside/inside.h"
#include "compel/test/test.h"

static const char *const words[] = { "zero", "one", "two" };

int inside_command(const struct inside_ctx *ctx, int cmd, void *args, size_t size)
{
	struct test_args *a = args;

	switch (cmd) {
	case TEST_WHO:
		a->pid = sys_getpid();
		a->tid = sys_gettid();
		a->home_sp = ctx->home_sp;
		return 0;
	case TEST_WORD: /* pointers in data: relocations */
		a->tid = words[a->pid % 3][0];
		return a->pid;
	case TEST_FAIL:
		return -ENODATA;
	case TEST_CRASH:
		__builtin_trap();
	case TEST_PAUSE: /* until killed */
		for (;;)
			(void)sys_ppoll(NULL, 0, NULL);
	}

	return -ENOSYS;
}
