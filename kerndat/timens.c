/* SPDX-License-Identifier: LGPL-2.1-only */
/* Time namespaces: which clocks can be set, tried in one of our own that nobody enters. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

#define SECONDS 1000

/* "monotonic       1000         0": does the namespace for children say that? */
static bool is_set(const char *clock)
{
	char text[256], *line, *rest, name[32];
	int64_t seconds;

	if (kd_read_file("/proc/self/timens_offsets", text, sizeof(text)) < 0)
		return false;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (sscanf(line, "%31s %" SCNd64, name, &seconds) == 2 && !strcmp(name, clock))
			return seconds == SECONDS;
	return false;
}

static struct kd_answer set_clock(void *arg)
{
	const char *clock = arg;
	int r = neg_errno(unshare(CLONE_NEWTIME)), n;
	autofd int fd = -1;
	char text[64];

	/* The kernel is asked, not our privileges. */
	if (r == -EPERM)
		r = neg_errno(unshare(CLONE_NEWUSER | CLONE_NEWTIME));
	if (r < 0)
		return kd_cannot_tell_why(r, "a time namespace to try in");
	n = snprintf(text, sizeof(text), "%s %d 0", clock, SECONDS);
	fd = neg_errno(open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC));
	r = fd < 0 ? fd : (int)neg_errno(write(fd, text, (size_t)n));
	if (r == -EINVAL)
		return kd_no_err(r);
	if (r < 0)
		return kd_cannot_tell(r);
	return is_set(clock) ? kd_yes() : kd_no_why("it was taken, and not set");
}

PROBE(probe_timens_clock)
{
	struct kd_answer a = kerndat_ask(kd, KD_TIMENS);

	if (a.state == KD_NO)
		return kd_no_why("no time namespaces");
	if (a.state != KD_YES)
		return a;
	return kd_in_child(kd, set_clock, (void *)row->path);
}
