/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What else the kernel keeps about a process or a thread in a few words: resource limits,
 * scheduling, names, restartable sequences, robust lists, membarrier, and the numbers that only
 * /proc can set (oom_score_adj, loginuid).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>

#include "arch/arch.h"
#include "base/err.h"
#include "base/log.h"
#include "base/io.h"
#include "base/own.h"
#include "base/proc.h"
#include "criu/inside/restorer.h"
#include "criu/task/parts_restore.h"
#include "criu/task/restore.h"
#include "proto/core.pb-c.h"
#include "proto/mm.pb-c.h"
#include "proto/rseq.pb-c.h"

#define COMM_MAX 16 /* TASK_COMM_LEN */
/* Registrations that can be repeated: GLOBAL_EXPEDITED, PRIVATE_EXPEDITED, ..._SYNC_CORE, ..._RSEQ. */
#define MEMBARRIER_KNOWN (4u | 16u | 64u | 256u)
/* No struct rseq will ever be as large; the kernel takes the size it knows. */
#define RSEQ_SIZE_MAX 4096

static int check_rlimits(const struct rtask *rt)
{
	const struct TaskRlimitsEntry *e = rt->core->tc->rlimits;

	if (!e)
		return refuse_task(rt->pid, -ENOTSUP,
				   "restore its limits from images of their own; such images are older than we read");
	if (e->n_rlimits > RLIM_NLIMITS)
		return refuse_task(rt->pid, -EINVAL, "set %zu limits; there are %d", e->n_rlimits, RLIM_NLIMITS);
	return 0;
}

int limits_check(const struct restore *rs, const struct rtask *rt)
{
	const struct TaskCoreEntry *tc = rt->core->tc;
	int r = check_rlimits(rt);

	if (r < 0)
		return r;
	if (strlen(tc->comm) >= COMM_MAX)
		return refuse_task(rt->pid, -EINVAL, "give it a name of %zu bytes", strlen(tc->comm));
	if (tc->has_oom_score_adj && (tc->oom_score_adj < -1000 || tc->oom_score_adj > 1000))
		return refuse_task(rt->pid, -EINVAL, "set its oom_score_adj to %d", tc->oom_score_adj);
	if (tc->has_membarrier_registration_mask && (tc->membarrier_registration_mask & ~MEMBARRIER_KNOWN))
		return refuse_task(rt->pid, -ENOTSUP, "repeat its membarrier registrations %#x: not all of them are known",
				   tc->membarrier_registration_mask);
	if (rt->mm->has_dumpable && (rt->mm->dumpable < 0 || rt->mm->dumpable > 2))
		return refuse_task(rt->pid, -EINVAL, "set its dumpable flag to %d", rt->mm->dumpable);
	return 0;
}

size_t limits_args_size(const struct rtask *rt)
{
	return rt->core->tc->rlimits->n_rlimits * sizeof(struct restorer_rlimit) + 16;
}

static int put_rlimits(const struct rtask *rt, struct restorer_args *a)
{
	const struct TaskRlimitsEntry *e = rt->core->tc->rlimits;
	struct restorer_rlimit *limits = restorer_alloc(a, e->n_rlimits * sizeof(*limits));
	size_t n = 0;
	uint32_t i;

	if (!limits)
		return -ENOMEM;
	for (i = 0; i < e->n_rlimits; i++) {
		uint64_t max = e->rlimits[i]->max;
		uint64_t cur = e->rlimits[i]->cur > max ? max : e->rlimits[i]->cur;
		struct rlimit now;

		/* What it has from criu already costs no call, and no privilege. */
		if (!getrlimit((int)i, &now) && now.rlim_cur == cur && now.rlim_max == max)
			continue;
		limits[n++] = (struct restorer_rlimit){ .resource = i, .cur = cur, .max = max };
	}
	a->rlimits = limits;
	a->n_rlimits = n;
	return 0;
}

/* Flags of personality(2) above the low bytes, which tell the ABI. */
#define PERSONALITY_FLAGS 0x0fff0000u

/*
 * The image has the kernel's eight hexadecimal digits read as a decimal number, up to the first
 * letter among them. What that does not cut is taken; what it may have cut looks like an ABI
 * that no program has, and is left alone.
 */
static bool read_personality(const struct rtask *rt, uint32_t *ret_value)
{
	char digits[16];
	uint32_t v;

	*ret_value = 0;
	if (!rt->core->tc->personality)
		return true;
	snprintf(digits, sizeof(digits), "%u", rt->core->tc->personality);
	v = (uint32_t)strtoul(digits, NULL, 16);
	if ((v & ~PERSONALITY_FLAGS) == PER_LINUX || (v & ~PERSONALITY_FLAGS) == PER_LINUX32) {
		*ret_value = v;
		return true;
	}
	pr_warn("pid %d: its personality is not told in full by the image (%s): it gets ours\n", rt->pid, digits);
	return false;
}

int limits_args(struct restore *rs, const struct rtask *rt, struct restorer_args *a)
{
	const struct TaskCoreEntry *tc = rt->core->tc;

	a->membarrier = tc->has_membarrier_registration_mask ? tc->membarrier_registration_mask : 0;
	a->child_subreaper = tc->has_child_subreaper && tc->child_subreaper;
	a->has_child_subreaper = a->child_subreaper != rt->adopts;
	a->dumpable = rt->mm->has_dumpable ? (uint32_t)rt->mm->dumpable : 1;
	a->has_personality = read_personality(rt, &a->personality) && (int)a->personality != personality(0xffffffff);
	return put_rlimits(rt, a);
}

/* --- a thread ---------------------------------------------------------------------------------------- */

static int check_policy(pid_t tid, const struct ThreadCoreEntry *tk)
{
	uint32_t policy = tk->sched_policy & ~(uint32_t)SCHED_RESET_ON_FORK;

	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		if (tk->sched_prio < 1 || tk->sched_prio > 99)
			return refuse_task(tid, -EINVAL, "set its real-time priority to %u", tk->sched_prio);
		return 0;
	case SCHED_OTHER:
	case SCHED_BATCH:
	case SCHED_IDLE:
		if (tk->sched_prio)
			return refuse_task(tid, -EINVAL, "set a real-time priority without a real-time policy");
		return 0;
	default:
		return refuse_task(tid, -ENOTSUP, "set its scheduling policy %u", policy);
	}
}

static int check_rseq(pid_t tid, const struct RseqEntry *e)
{
	if (e && e->rseq_abi_pointer && (e->rseq_abi_size < 32 || e->rseq_abi_size > RSEQ_SIZE_MAX))
		return refuse_task(tid, -EINVAL, "register its restartable sequences with size %u", e->rseq_abi_size);
	return 0;
}

int sched_check(const struct rtask *rt, const struct rthread *th)
{
	const struct ThreadCoreEntry *tk = th->core->thread_core;
	int r;

	if (tk->comm && strlen(tk->comm) >= COMM_MAX)
		return refuse_task(th->tid, -EINVAL, "give it a name of %zu bytes", strlen(tk->comm));
	if (tk->has_sched_nice && (tk->sched_nice < -20 || tk->sched_nice > 19))
		return refuse_task(th->tid, -EINVAL, "set its nice value to %d", tk->sched_nice);
	r = check_policy(th->tid, tk);
	if (!r)
		r = check_rseq(th->tid, tk->rseq_entry);
	return r;
}

void sched_args(const struct rthread *th, struct restorer_thread *at)
{
	const struct ThreadCoreEntry *tk = th->core->thread_core;
	const char *comm = tk->comm ? tk->comm : th->core->tc ? th->core->tc->comm : NULL;

	at->has_comm = comm != NULL;
	if (comm)
		memcpy(at->comm, comm, strlen(comm) + 1); /* sched_check() has measured it */

	at->sched_policy = (int)tk->sched_policy;
	at->sched_prio = (int)tk->sched_prio;
	at->sched_nice = tk->sched_nice;
	at->has_sched = at->sched_policy != sched_getscheduler(0) || at->sched_prio ||
			at->sched_nice != getpriority(PRIO_PROCESS, 0);

	at->robust_list = tk->futex_rla_len ? tk->futex_rla : 0;
	at->robust_len = tk->futex_rla_len;
	at->robust_compat = arch_image_is_compat(th->core);
	at->clear_tid = arch_image_clear_tid(th->core);
	if (tk->rseq_entry) {
		at->rseq = tk->rseq_entry->rseq_abi_pointer;
		at->rseq_size = tk->rseq_entry->rseq_abi_size;
		at->rseq_sig = tk->rseq_entry->signature;
		at->rseq_cs = tk->rseq_entry->has_rseq_cs_pointer ? tk->rseq_entry->rseq_cs_pointer : 0;
	}
}

/* --- through /proc ------------------------------------------------------------------------------------- */

static int write_self(const char *path, const char *text)
{
	autofd int fd = neg_errno(open(path, O_WRONLY | O_CLOEXEC));

	return fd < 0 ? fd : io_write(fd, text, strlen(text));
}

static int read_self(const char *path, char *buf, size_t room)
{
	autofd int dir = neg_errno(open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC));

	return dir < 0 ? dir : proc_read_text(dir, path, buf, room);
}

/* What @rt inherited: its parent's, or of the root, criu's own. */
static bool inherits_oom(const struct rtask *rt, int score)
{
	char now[16];

	if (rt->parent && rtask_is_live(rt->parent) && rt->parent->core->tc->has_oom_score_adj)
		return rt->parent->core->tc->oom_score_adj == score;
	return read_self("oom_score_adj", now, sizeof(now)) >= 0 && atoi(now) == score;
}

static int restore_oom(const struct rtask *rt)
{
	const struct TaskCoreEntry *tc = rt->core->tc;
	char text[16];
	int r;

	if (!tc->has_oom_score_adj || inherits_oom(rt, tc->oom_score_adj))
		return 0;
	snprintf(text, sizeof(text), "%d", tc->oom_score_adj);
	r = write_self("/proc/self/oom_score_adj", text);
	if (r < 0)
		return err_task(rt->pid, r, "set its oom_score_adj to %s%s", text,
				r == -EACCES ? "; lowering it needs CAP_SYS_RESOURCE" : "");
	return 0;
}

static bool inherits_loginuid(const struct rtask *rt, uint32_t uid)
{
	char now[16];

	if (rt->parent && rtask_is_live(rt->parent) && rt->parent->core->tc->has_loginuid)
		return rt->parent->core->tc->loginuid == uid;
	return read_self("loginuid", now, sizeof(now)) >= 0 && strtoul(now, NULL, 10) == uid;
}

static int restore_loginuid(const struct rtask *rt)
{
	const struct TaskCoreEntry *tc = rt->core->tc;
	char text[16];
	int r;

	if (!tc->has_loginuid || inherits_loginuid(rt, tc->loginuid))
		return 0;
	snprintf(text, sizeof(text), "%u", tc->loginuid);
	r = write_self("/proc/self/loginuid", text);
	if (r == -ENOENT) {
		pr_warn("pid %d: its login uid %s is lost: this kernel has no audit\n", rt->pid, text);
		return 0;
	}
	if (r < 0)
		return err_task(rt->pid, r, "set its login uid to %s", text);
	return 0;
}

int limits_restore_proc(struct restore *rs, const struct rtask *rt)
{
	int r = restore_oom(rt);

	return r ? r : restore_loginuid(rt);
}
