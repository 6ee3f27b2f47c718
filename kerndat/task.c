/* SPDX-License-Identifier: LGPL-2.1-only */
/* Making tasks, holding them, comparing what they share. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

/* --- making ------------------------------------------------------------------------------------- */

/* clone3 with something that it refuses with @known once it has read it. */
static struct kd_answer clone3_knows(struct clone_args *args, int known)
{
	long r = neg_errno(syscall(SYS_clone3, args, sizeof(*args)));

	if (r == 0)
		_exit(1); /* refused by every kernel there is; a child must not run our code */
	if (r > 0) {
		waitpid((pid_t)r, NULL, 0);
		return kd_cannot_tell_why(0, "clone3 took what it should have refused");
	}
	/* E2BIG: an older kernel finds our struct longer than its own, with something in the tail. */
	if (r == -ENOSYS || r == -E2BIG)
		return kd_no_err((int)r);
	return r == -known ? kd_yes() : kd_cannot_tell((int)r);
}

PROBE(probe_clone3_set_tid)
{
	pid_t tid = -1;
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&tid,
		.set_tid_size = 1,
	};

	return clone3_knows(&args, EINVAL);
}

PROBE(probe_clone_into_cgroup)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = 0x7fffffff, /* no such descriptor */
	};

	return clone3_knows(&args, EBADF);
}

PROBE(probe_ns_last_pid)
{
	autofd int fd = neg_errno(open("/proc/sys/kernel/ns_last_pid", O_RDWR | O_CLOEXEC));

	/* Absent, and not for want of /proc/sys. */
	if (fd == -ENOENT && access("/proc/sys/kernel/pid_max", F_OK) == 0)
		return kd_no_err(fd);
	if (fd == -EACCES || fd == -EPERM || fd == -EROFS)
		return kd_no_err(fd);
	return fd < 0 ? kd_cannot_tell(fd) : kd_yes();
}

/* --- pidfds ------------------------------------------------------------------------------------- */

static int pidfd_of_us(void)
{
	return (int)neg_errno(syscall(SYS_pidfd_open, getpid(), 0));
}

PROBE(probe_pidfd_open)
{
	autofd int fd = pidfd_of_us();

	return kd_by_enosys(fd);
}

PROBE(probe_pidfs)
{
	autofd int fd = pidfd_of_us();
	struct statfs fs;

	if (fd < 0)
		return kd_by_enosys(fd);
	if (fstatfs(fd, &fs) < 0)
		return kd_cannot_tell(errno);
	return fs.f_type == K_PID_FS_MAGIC ? kd_yes() : kd_no();
}

PROBE(probe_pidfd_ns)
{
	autofd int fd = pidfd_of_us();
	autofd int ns = -1;

	if (fd < 0)
		return kd_by_enosys(fd);
	ns = neg_errno(ioctl(fd, _IO(0xFF, row->arg), 0));
	if (ns == -ENOTTY || ns == -EINVAL)
		return kd_no_err(ns);
	return ns < 0 ? kd_cannot_tell(ns) : kd_yes();
}

/* --- kcmp --------------------------------------------------------------------------------------- */

PROBE(probe_kcmp)
{
	pid_t me = getpid();
	long r = neg_errno(syscall(SYS_kcmp, me, me, row->arg, 0, 0));

	/* EBADF: descriptor 0 is closed, which is an answer too. EINVAL: no such kind.
	 * EOPNOTSUPP: a kind for which this kernel was built without the object. */
	if (r == -EBADF)
		return kd_yes();
	if (r == -EINVAL || r == -EOPNOTSUPP)
		return kd_no_err((int)r);
	return kd_by_enosys(r);
}

PROBE(probe_kcmp_epoll)
{
	pid_t me = getpid();
	/* The slot is read from a NULL pointer before anything else is looked at. */
	long r = neg_errno(syscall(SYS_kcmp, me, me, 7 /* KCMP_EPOLL_TFD */, 0, 0));

	if (r == -EOPNOTSUPP)
		return kd_no_err((int)r);
	return kd_by_refusal(r, EFAULT);
}

/* --- /proc and prctl ---------------------------------------------------------------------------- */

PROBE(probe_proc_stat)
{
	char text[2048];
	int r = kd_read_file("/proc/self/stat", text, sizeof(text));
	int fields = 2;
	char *p;

	if (r < 0)
		return kd_cannot_tell(r);
	p = strrchr(text, ')'); /* the name before it may hold anything */
	if (!p)
		return kd_cannot_tell(EBADMSG);
	for (; *p; p++)
		fields += *p == ' ';
	return fields >= 52 ? kd_yes() : kd_no_why("%d fields and not 52", fields);
}

PROBE(probe_prctl_mm_map)
{
	unsigned int size = 0;
	int r = neg_errno(prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0, 0));

	if (r == -EINVAL)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes_value(size);
}

PROBE(probe_sigqueueinfo)
{
	/* Signal 0 checks all and sends nothing. Others may not be sent a positive code: only
	 * oneself, since 3.9. */
	siginfo_t info = { .si_signo = SIGRTMIN, .si_code = SEGV_MAPERR };
	long r = neg_errno(syscall(SYS_rt_sigqueueinfo, gettid(), 0, &info));

	return r < 0 ? kd_cannot_tell((int)r) : kd_yes();
}

PROBE(probe_fcntl_owner)
{
	autofd int in = -1, out = -1;
	int fds[2], r;
	uint32_t uids[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return kd_cannot_tell(errno);
	in = fds[0];
	out = fds[1];
	r = neg_errno(fcntl(in, 17 /* F_GETOWNER_UIDS */, uids));
	if (r == -EINVAL)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

PROBE(probe_timer_cr_ids)
{
	int r = neg_errno(prctl(K_PR_TIMER_CREATE_RESTORE_IDS, 2 /* GET */, 0, 0, 0));

	if (r == -EINVAL)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

PROBE(probe_membarrier)
{
	long r = neg_errno(syscall(SYS_membarrier, row->arg, 0, 0));

	if (r == -EINVAL)
		return kd_no_err((int)r);
	if (r < 0)
		return kd_by_enosys(r);
	return row->arg ? kd_yes() : kd_yes_value((uint64_t)r);
}

PROBE(probe_close_range)
{
	return kd_by_enosys(neg_errno(syscall(SYS_close_range, ~0u, ~0u, 0)));
}

PROBE(probe_rseq)
{
	/* Registering NULL: EINVAL or EFAULT, or EPERM where libc has registered its own. */
	long r = neg_errno(syscall(SYS_rseq, NULL, 0, 0, 0));
	unsigned long size = getauxval(K_AT_RSEQ_FEATURE_SIZE);

	if (r == -ENOSYS)
		return kd_no_err((int)r);
	if (r < 0 && r != -EINVAL && r != -EFAULT)
		return kd_cannot_tell((int)r);
	/* Before 6.3 the size was fixed, and auxv silent. */
	return kd_yes_value(size ? size : 20);
}

/* --- in a child ----------------------------------------------------------------------------------- */

static struct kd_answer write_loginuid(void *arg)
{
	autofd int fd = neg_errno(open("/proc/self/loginuid", O_RDWR | O_CLOEXEC));
	char text[32];
	ssize_t n;

	if (fd == -ENOENT && access("/proc/self/status", F_OK) == 0)
		return kd_no_err(fd);
	if (fd == -EACCES || fd == -EPERM || fd == -EROFS)
		return kd_no_err(fd);
	if (fd < 0)
		return kd_cannot_tell(fd);
	n = read(fd, text, sizeof(text));
	if (n <= 0)
		return kd_cannot_tell(n ? errno : ENODATA);
	/* The value it has, in a child that ends here. */
	if (pwrite(fd, text, (size_t)n, 0) == n)
		return kd_yes();
	if (errno == EPERM || errno == EACCES)
		return kd_no_err(errno);
	return kd_cannot_tell(errno);
}

PROBE(probe_loginuid)
{
	return kd_in_child(kd, write_loginuid, NULL);
}

/* A child of another user, told by a closed pipe that it is one. */
static struct kd_answer ask_other_users_limit(void *arg)
{
	uint64_t lim[2];
	int fds[2], pid, r;
	char c = 0;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return kd_cannot_tell(errno);
	pid = fork();
	if (pid < 0)
		return kd_cannot_tell(errno);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* The raw calls: libc's would ask all threads of a process that is not here. */
		r = (int)neg_errno(syscall(SYS_setresuid, 12345, 12345, 12345));
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of ids clears it */
		if (r == 0 && write(fds[1], &c, 1) == 1)
			pause();
		_exit(0);
	}
	close(fds[1]);
	if (read(fds[0], &c, 1) != 1)
		return kd_cannot_tell_why(EPERM, "cannot make a task of another user to ask about");
	r = neg_errno((int)syscall(SYS_prlimit64, pid, RLIMIT_CORE, NULL, lim));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (r == -EPERM)
		return kd_no_err(r);
	return r < 0 ? kd_cannot_tell(r) : kd_yes();
}

PROBE(probe_prlimit_others)
{
	return kd_in_child(kd, ask_other_users_limit, NULL);
}
