/* SPDX-License-Identifier: LGPL-2.1-only */
/* Making tasks, holding them, comparing what they share. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"
#include "kerndat/kernel_new.h"

PROBE(probe_clone3_set_tid)
{
	/* A pid of -1 is refused with EINVAL by who knows set_tid; an older kernel finds a struct
	 * longer than its own with something in the tail: E2BIG. */
	pid_t tid = -1;
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&tid,
		.set_tid_size = 1,
	};
	long r = neg_errno(syscall(SYS_clone3, &args, sizeof(args)));

	if (r == 0)
		_exit(1);
	if (r == -EINVAL)
		return kd_yes();
	if (r == -ENOSYS || r == -E2BIG)
		return kd_no_err((int)r);
	return kd_cannot_tell((int)r);
}

PROBE(probe_ns_last_pid)
{
	autofd int fd = neg_errno(open("/proc/sys/kernel/ns_last_pid", O_RDWR | O_CLOEXEC));

	if (fd == -ENOENT && access("/proc/sys/kernel/pid_max", F_OK) == 0)
		return kd_no_err(fd);
	if (fd == -EACCES || fd == -EPERM || fd == -EROFS)
		return kd_no_err(fd);
	if (fd < 0)
		return kd_cannot_tell(fd);
	return kd_yes();
}

PROBE(probe_pidfd_open)
{
	autofd int fd = (int)neg_errno(syscall(SYS_pidfd_open, getpid(), 0));

	return kd_by_enosys(fd);
}

PROBE(probe_pidfd_getfd)
{
	/* Descriptor -1 is no pidfd: EBADF from a kernel that has the call. */
	long r = neg_errno(syscall(SYS_pidfd_getfd, -1, 0, 0));

	if (r == -EBADF)
		return kd_yes();
	return kd_by_enosys(r);
}

PROBE(probe_kcmp)
{
	pid_t me = getpid();
	long r = neg_errno(syscall(SYS_kcmp, me, me, row->arg, 0, 0));

	/* Descriptor 0 may be closed: EBADF is an answer too. */
	if (r == -EBADF)
		return kd_yes();
	if (r == -EINVAL || r == -ENOSYS)
		return kd_no_err((int)r);
	return kd_by_enosys(r);
}
