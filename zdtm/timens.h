/* SPDX-License-Identifier: GPL-2.0-only */
/* A time namespace for tests: this process moves to a new one. It must have one thread. */
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "zdtm.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

/* Who may not do that skips. The clocks of the new namespace are so many seconds off those of the host. */
static inline void time_namespace(long monotonic, long boottime)
{
	int fd;

	if (unshare(CLONE_NEWTIME) < 0)
		skip("no time namespace can be made: %s", strerror(errno));
	fd = ok_fd(open("/proc/self/timens_offsets", O_WRONLY));
	if (dprintf(fd, "%d %ld 0\n%d %ld 0\n", CLOCK_MONOTONIC, monotonic, CLOCK_BOOTTIME, boottime) < 0)
		skip("no clock can be set: %s", strerror(errno));
	ok_zero(close(fd));
	fd = ok_fd(open("/proc/self/ns/time_for_children", O_RDONLY));
	ok_sys(setns(fd, CLONE_NEWTIME));
	ok_zero(close(fd));
}

/* For who stays where it is: skip where no other process could do it. */
static inline void needs_time_namespace(void)
{
	int status;
	pid_t pid = ok_sys(fork());

	if (!pid) {
		time_namespace(1, 1);
		_exit(0);
	}
	ok_eq(waitpid(pid, &status, 0), pid);
	if (status)
		skip("no time namespace can be made");
}
