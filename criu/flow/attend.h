/* SPDX-License-Identifier: GPL-2.0-only */
/* After a restore: what criu itself goes on with once the tasks run. */
#pragma once

#include <sys/types.h>

struct options;

/*
 * Detached: nothing. With exec_cmd: become that command, the parent of @root. Else: wait until
 * @root, our child, has ended; how it ended is logged and changes nothing.
 * 0 or -errno, logged; does not return when it became another program.
 */
int attend(const struct options *o, pid_t root);
