// SPDX-License-Identifier: GPL-2.0-only
#include "zdtm.h"

#include <sys/auxv.h>

TEST(.does = "command line, environment and auxiliary vector, as /proc shows them and as the program sees them");

extern char **environ;

void test(void)
{
	static char cmd[4096], env[4096], aux[4096];
	unsigned long page = getauxval(AT_PAGESZ), random_at = getauxval(AT_RANDOM);
	unsigned char random_bytes[16];
	char *first = environ[0];

	memcpy(random_bytes, (void *)random_at, 16);
	memcpy(cmd, proc_read("/proc/self/cmdline"), sizeof(cmd));
	memcpy(env, proc_read("/proc/self/environ"), sizeof(env));
	memcpy(aux, proc_read("/proc/self/auxv"), sizeof(aux));
	checkpoint_and_restore();
	ok_mem(proc_read("/proc/self/cmdline"), cmd, sizeof(cmd));
	ok_mem(proc_read("/proc/self/environ"), env, sizeof(env));
	ok_mem(proc_read("/proc/self/auxv"), aux, 336);
	ok_eq(getauxval(AT_PAGESZ), page);
	ok_mem((void *)random_at, random_bytes, 16);
	ok_ptr(environ[0], first);
}
