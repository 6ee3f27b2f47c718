/* SPDX-License-Identifier: GPL-2.0-only */
/* --pidfile: the pid of the restored root task (or of a server) in decimal, without a newline. */
#pragma once

#include <sys/types.h>

struct options;

/*
 * Create o->pidfile, which must not exist, in the work directory, mode 0600. Nothing without that
 * option. 0 or -errno, logged. A file that could not be written whole is taken away again.
 */
int pidfile_write(const struct options *o, pid_t pid);

/* Take away what pidfile_write() has created: for a restore that fails after it. */
void pidfile_undo(const struct options *o);
