/* SPDX-License-Identifier: GPL-2.0-only */
/* Until dump.c and restore.c land. */
#include <errno.h>

#include "base/err.h"
#include "criu/flow/dump.h"
#include "criu/flow/restore.h"

int dump_run(const struct options *o)
{
	return refuse_any(-ENOSYS, "dump; it is not built in yet");
}

int restore_run(const struct options *o)
{
	return refuse_any(-ENOSYS, "restore; it is not built in yet");
}
