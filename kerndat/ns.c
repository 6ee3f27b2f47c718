/* SPDX-License-Identifier: LGPL-2.1-only */
/* Namespaces and mounts. What is mounted to look at is mounted in a child's own namespace. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

static struct kd_answer unshare_in_child(void *arg)
{
	int r = neg_errno(unshare((int)(long)arg));

	if (r == -EPERM || r == -EINVAL)
		return kd_no_err(r);
	if (r == -ENOSPC || r == -EUSERS)
		return kd_no_why("the limit on such namespaces is reached");
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

PROBE(probe_unshare)
{
	return kd_in_child(kd, unshare_in_child, (void *)row->arg);
}

PROBE(probe_initial_userns)
{
	char map[4096];
	unsigned inside, outside, count;
	int r = kd_read_file("/proc/self/uid_map", map, sizeof(map));

	if (r == -ENOENT && access("/proc/self/stat", F_OK) == 0)
		return kd_yes(); /* a kernel without others */
	if (r < 0)
		return kd_cannot_tell(r);
	if (sscanf(map, "%u %u %u", &inside, &outside, &count) != 3)
		return kd_no_why("it has no map");
	return inside == 0 && outside == 0 && count == 4294967295u ? kd_yes() : kd_no();
}

PROBE(probe_move_mount)
{
	/* 4 and 0x40: both paths are empty, so the descriptors are looked at, after the flags. */
	long r = neg_errno(syscall(SYS_move_mount, -1, "", -1, "", 0x4 | 0x40 | row->arg));

	return kd_by_refusal(r, EBADF);
}

PROBE(probe_msg_copy)
{
	struct {
		long type;
		char text[8];
	} m;
	/* No queue has this id. A kernel without the flag's code refuses before it looks. */
	int r = neg_errno((int)msgrcv(0x7fffffff, &m, sizeof(m.text), 0, 040000 /* MSG_COPY */ | IPC_NOWAIT));

	if (r == -ENOSYS)
		return kd_no_err(r);
	return r == -EINVAL || r == -EIDRM || r >= 0 ? kd_yes() : kd_cannot_tell(r);
}

/* --- in a mount namespace of its own ---------------------------------------------------------------------- */

static int own_mounts(unsigned long more)
{
	if (unshare(CLONE_NEWNS | (int)more) < 0)
		return -errno;
	return neg_errno(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

static struct kd_answer mount_autofs(void *arg)
{
	int fds[2], r = own_mounts(0);
	char opts[64], *text, *line;

	if (r < 0)
		return kd_cannot_tell_why(r, "a mount namespace to try in");
	if (pipe(fds) < 0)
		return kd_cannot_tell(errno);
	/* No pgrp: it is ours then, also where it has no number (of a session outside of our pid namespace). */
	snprintf(opts, sizeof(opts), "fd=%d,minproto=5,maxproto=5,direct", fds[1]);
	/* Any directory does; nobody but us sees it. */
	r = neg_errno(mount("kerndat", "/sys", "autofs", 0, opts));
	if (r == -ENODEV)
		return kd_no_why("there is no autofs");
	if (r < 0)
		return kd_cannot_tell_why(r, "mounting one");
	r = kd_read_big("/proc/self/mountinfo", &text);
	if (r < 0)
		return kd_cannot_tell(r);
	line = strstr(text, " - autofs kerndat ");
	if (!line)
		return kd_cannot_tell_why(0, "it is not in mountinfo");
	return strstr(line, "pipe_ino=") ? kd_yes() : kd_no();
}

PROBE(probe_autofs)
{
	return kd_in_child(kd, mount_autofs, NULL);
}

static struct kd_answer mount_binfmt(void *arg)
{
	int r = own_mounts(CLONE_NEWUSER);

	if (r < 0)
		return kd_cannot_tell_why(r, "a user namespace to try in");
	/* A user namespace shows itself no writable root; binfmt_misc mounts anywhere. */
	r = neg_errno(mount("kerndat", "/sys", "binfmt_misc", 0, NULL));
	if (r == -EPERM || r == -ENODEV)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

PROBE(probe_binfmt_userns)
{
	return kd_in_child(kd, mount_binfmt, NULL);
}
