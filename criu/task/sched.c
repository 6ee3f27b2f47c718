/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scheduling of a thread: policy, real-time priority, nice, reset-on-fork.
 * Not saved: SCHED_DEADLINE and SCHED_EXT (refused: the format has no place for their parameters),
 * CPU affinity, io priority, timer slack, utilization clamps.
 */
#include <errno.h>
#include <linux/sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "proto/core.pb-c.h"

/* glibc 2.36 has neither sched_getattr() nor a header that gets along with <sched.h>. */
struct kernel_sched_attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t util_min, util_max;
};

int sched_look(struct dump *d, struct task *t, struct thread_look *th)
{
	struct kernel_sched_attr at = { .size = sizeof(at) };
	long r = fault_at(FAULT_DUMP_SCHED);

	if (r < 0)
		return (int)r;
	r = neg_errno(syscall(SYS_sched_getattr, th->tid, &at, sizeof(at), 0));
	if (r < 0)
		return err_task(th->tid, (int)r, "read its scheduling policy");

	switch (at.policy) {
	case SCHED_NORMAL:
	case SCHED_BATCH:
	case SCHED_IDLE:
	case SCHED_FIFO:
	case SCHED_RR:
		break;
	default:
		return block_task(d, SCHED, th->tid, -ENOTSUP, "dump a thread with scheduling policy %u (%s)", at.policy,
				  at.policy == SCHED_DEADLINE ? "SCHED_DEADLINE" : "unknown to the image format");
	}

	th->sched.policy = at.policy;
	if (at.flags & SCHED_FLAG_RESET_ON_FORK)
		th->sched.policy |= SCHED_RESET_ON_FORK;
	th->sched.prio = at.priority;
	th->sched.nice = at.nice;
	/* Under a real-time policy a nice value waits for later, of which sched_getattr() says nothing. */
	if (at.policy == SCHED_FIFO || at.policy == SCHED_RR) {
		r = neg_errno(syscall(SYS_getpriority, PRIO_PROCESS, th->tid));
		if (r < 0)
			return err_task(th->tid, (int)r, "read its nice value");
		th->sched.nice = 20 - (int)r;
	}
	return 0;
}

void sched_to_image(const struct thread_look *th, ThreadCoreEntry *tc)
{
	tc->has_sched_policy = true;
	tc->sched_policy = th->sched.policy;
	tc->has_sched_nice = true;
	tc->sched_nice = th->sched.nice;
	if (th->sched.prio) {
		tc->has_sched_prio = true;
		tc->sched_prio = th->sched.prio;
	}
}
