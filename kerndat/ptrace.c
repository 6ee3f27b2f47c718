/* SPDX-License-Identifier: LGPL-2.1-only */
/* What a tracer can see and do: asked of a tracee of our own. */
#include "kerndat/probes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/own.h"

/*
 * A ptrace request that succeeds, or is refused with @known by who knows it. An unknown one
 * is EIO.
 */
static struct kd_answer by_request(long r, int known)
{
	if (r >= 0 || (known && r == -known))
		return kd_yes();
	if (r == -EIO)
		return kd_no_err(EIO);
	return kd_cannot_tell((int)r);
}

static long request(int req, int tid, uintptr_t addr, const void *data)
{
	return neg_errno(syscall(SYS_ptrace, (long)req, (long)tid, addr, data));
}

/* --- seccomp ---------------------------------------------------------------------------------------- */

static struct kd_answer suspend(int tid, void *arg)
{
	long r = request(PTRACE_SETOPTIONS, tid, 0, (void *)(PTRACE_O_EXITKILL | K_PTRACE_O_SUSPEND_SECCOMP));

	if (r == -EINVAL)
		return kd_no_err((int)r);
	return r < 0 ? kd_cannot_tell((int)r) : kd_yes();
}

PROBE(probe_seccomp_suspend)
{
	return kd_on_tracee(kd, suspend, NULL);
}

/* Without a filter the questions about filters are refused as if unknown. */
int kd_allow_all(void)
{
	struct sock_filter insn[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog prog = { .len = 1, .filter = insn };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return neg_errno(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog));
}

static struct kd_answer get_filter(int tid, void *arg)
{
	long r = request(K_PTRACE_SECCOMP_GET_FILTER, tid, 0, NULL);

	/* EINVAL: there is one, so the kernel was built without the answer. */
	if (r == -EINVAL)
		return kd_no_err((int)r);
	return by_request(r, 0);
}

PROBE(probe_seccomp_filters)
{
	return kd_on_tracee(kd, get_filter, NULL);
}

static struct kd_answer get_metadata(int tid, void *arg)
{
	struct {
		uint64_t off, flags;
	} md = { 0 };
	long r = request(K_PTRACE_SECCOMP_GET_METADATA, tid, sizeof(md), &md);

	if (r == -EINVAL)
		return kd_no_err((int)r);
	return by_request(r, 0);
}

PROBE(probe_seccomp_metadata)
{
	return kd_on_tracee(kd, get_metadata, NULL);
}

/* --- the thread's state ----------------------------------------------------------------------------- */

static struct kd_answer get_rseq(int tid, void *arg)
{
	struct {
		uint64_t pointer;
		uint32_t size, signature, flags, pad;
	} conf;

	return by_request(request(K_PTRACE_GET_RSEQ_CONFIGURATION, tid, sizeof(conf), &conf), 0);
}

PROBE(probe_get_rseq_conf)
{
	return kd_on_tracee(kd, get_rseq, NULL);
}

static struct kd_answer peek_none(int tid, void *arg)
{
	struct __ptrace_peeksiginfo_args args = { .off = 0, .flags = 0, .nr = 0 };

	return by_request(request(PTRACE_PEEKSIGINFO, tid, (uintptr_t)&args, NULL), 0);
}

PROBE(probe_peeksiginfo)
{
	return kd_on_tracee(kd, peek_none, NULL);
}

static struct kd_answer get_sigmask(int tid, void *arg)
{
	uint64_t mask[2];

	return by_request(request(PTRACE_GETSIGMASK, tid, 8, mask), EINVAL);
}

PROBE(probe_ptrace_sigmask)
{
	return kd_on_tracee(kd, get_sigmask, NULL);
}

static struct kd_answer get_syscall_info(int tid, void *arg)
{
	char info[256];

	return by_request(request(K_PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), info), 0);
}

PROBE(probe_ptrace_syscall_info)
{
	return kd_on_tracee(kd, get_syscall_info, NULL);
}

static struct kd_answer set_syscall_info(int tid, void *arg)
{
	/* A struct of no bytes is refused before anything is set. */
	return by_request(request(K_PTRACE_SET_SYSCALL_INFO, tid, 0, NULL), EINVAL);
}

PROBE(probe_ptrace_set_syscall_info)
{
	return kd_on_tracee(kd, set_syscall_info, NULL);
}

static struct kd_answer get_sud(int tid, void *arg)
{
	uint64_t conf[4];
	long r = request(K_PTRACE_GET_SUD_CONFIG, tid, sizeof(conf), conf);

	/* EINVAL: the request is known, the architecture has no generic entry code. */
	if (r == -EINVAL)
		return kd_no_err((int)r);
	return by_request(r, 0);
}

PROBE(probe_ptrace_sud)
{
	return kd_on_tracee(kd, get_sud, NULL);
}

/* --- hardware breakpoints --------------------------------------------------------------------------- */

static __attribute__((noinline)) void stepped_on(void)
{
	__asm__ volatile("" ::: "memory");
}

/*
 * ptrace and perf take breakpoints from one pool by one driver; perf needs no knowledge of debug
 * registers. A hypervisor may accept them and never let them fire: so count.
 */
static struct kd_answer count_hits(void *arg)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = PERF_ATTR_SIZE_VER1,
		.bp_type = HW_BREAKPOINT_X,
		.bp_addr = (uintptr_t)stepped_on,
		.bp_len = sizeof(long),
		.sample_period = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	autofd int fd = (int)neg_errno(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
	uint64_t count = 0;

	if (fd == -ENODEV || fd == -EOPNOTSUPP || fd == -ENOENT)
		return kd_no_err(fd);
	if (fd < 0)
		return kd_cannot_tell(fd); /* ENOSYS as well: ptrace may do without perf */
	stepped_on();
	if (read(fd, &count, sizeof(count)) != sizeof(count))
		return kd_cannot_tell(errno);
	return count ? kd_yes() : kd_no_why("accepted, but does not fire");
}

PROBE(probe_breakpoints)
{
	return kd_in_child(kd, count_hits, NULL);
}
