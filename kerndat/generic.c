/* SPDX-License-Identifier: LGPL-2.1-only */
/* Probes that serve many rows by .arg and .path. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

PROBE(probe_all_of)
{
	char names[128];
	char *name, *rest;

	snprintf(names, sizeof(names), "%s", row->path);
	for (name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		int r = kerndat_find(name);
		struct kd_answer a = r < 0 ? kd_cannot_tell(r) : kerndat_ask(kd, r);

		if (a.state == KD_NO)
			return kd_no_why("%s is not there", name);
		if (a.state != KD_YES)
			return kd_cannot_tell_why(a.err, "cannot tell about %s", name);
	}
	return kd_yes();
}

/* Bad descriptors, bad pointers, bad flags: refused by who knows the call, in whatever way. */
PROBE(probe_syscall)
{
	long r = neg_errno(syscall(row->arg, -1L, -1L, -1L, -1L, -1L, -1L));

	if (r == -EPERM || r == -EACCES)
		return kd_cannot_tell((int)r);
	return r == -ENOSYS ? kd_no_err(ENOSYS) : kd_yes();
}

/* A missing file says no if its file system is there: told by a file that always is. */
static struct kd_answer absent(const char *path)
{
	const char *witness = "/proc/self/stat";

	if (!strncmp(path, "/proc/sys/", 10))
		witness = "/proc/sys/kernel/pid_max";
	else if (!strncmp(path, "/sys/", 5))
		witness = "/sys/kernel/mm";
	return access(witness, F_OK) == 0 ? kd_no_err(ENOENT) : kd_cannot_tell(ENOENT);
}

PROBE(probe_file)
{
	if (access(row->path, F_OK) == 0)
		return kd_yes();
	return errno == ENOENT || errno == ENOTDIR ? absent(row->path) : kd_cannot_tell(errno);
}

PROBE(probe_file_has)
{
	char path[128], text[8192], *what;
	int r;

	snprintf(path, sizeof(path), "%s", row->path);
	what = strchr(path, '\n');
	*what++ = 0;
	r = kd_read_file(path, text, sizeof(text));
	if (r < 0)
		return kd_cannot_tell(r);
	return strstr(text, what) ? kd_yes() : kd_no();
}

PROBE(probe_number)
{
	char text[64], *end;
	int r = kd_read_file(row->path, text, sizeof(text));
	long long v;

	if (r == -ENOENT)
		return absent(row->path);
	if (r < 0)
		return kd_cannot_tell(r);
	errno = 0;
	v = strtoll(text, &end, 0);
	if (end == text || errno)
		return kd_cannot_tell(EBADMSG);
	return kd_yes_value((uint64_t)v);
}
