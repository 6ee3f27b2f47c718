/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timers of a process: the three interval timers and the POSIX ones. Not given back: the overrun
 * count of a POSIX timer, which no call can set (a signal of it that was pending keeps its own).
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <sys/time.h>

#include "base/err.h"
#include "criu/inside/restorer.h"
#include "criu/task/parts_restore.h"
#include "criu/task/restore.h"
#include "kerndat/kerndat.h"
#include "proto/core.pb-c.h"

#define USEC_MAX 999999
#define NSEC_MAX 999999999

/* The kernel's limit for a time in nanoseconds, in seconds. */
#define SECONDS_MAX (INT64_MAX / 1000000000)

static int check_itimer(const struct rtask *rt, const char *name, const struct ItimerEntry *e)
{
	if (e->iusec > USEC_MAX || e->vusec > USEC_MAX || e->isec > SECONDS_MAX || e->vsec > SECONDS_MAX)
		return refuse_task(rt->pid, -EINVAL, "set its %s interval timer: the times in the image are damaged", name);
	return 0;
}

static int check_timer(const struct rtask *rt, const struct PosixTimerEntry *e)
{
	size_t i;

	if (e->it_id > INT_MAX || e->insec > NSEC_MAX || e->vnsec > NSEC_MAX || e->isec > SECONDS_MAX ||
	    e->vsec > SECONDS_MAX || e->si_signo >= _NSIG)
		return refuse_task(rt->pid, -EINVAL, "set its timer %u: the image is damaged", e->it_id);

	switch (e->it_sigev_notify) {
	case SIGEV_SIGNAL:
	case SIGEV_NONE:
	case SIGEV_THREAD:
		return 0;
	case SIGEV_THREAD_ID:
		for (i = 0; i < rt->n_threads; i++)
			if (e->has_notify_thread_id && rt->threads[i].tid == e->notify_thread_id)
				return 0;
		return refuse_task(rt->pid, -EINVAL, "set its timer %u for thread %d, which is not there", e->it_id,
				   e->notify_thread_id);
	default:
		return refuse_task(rt->pid, -EINVAL, "set its timer %u with notification %u", e->it_id,
				   e->it_sigev_notify);
	}
}

int timers_check(const struct restore *rs, const struct rtask *rt)
{
	const struct TaskTimersEntry *t = rt->core->tc->timers;
	size_t i, k;
	int r;

	if (!t)
		return refuse_task(rt->pid, -ENOTSUP,
				   "restore its timers from images of their own; such images are older than we read");
	r = check_itimer(rt, "real", t->real);
	if (!r)
		r = check_itimer(rt, "virtual", t->virt);
	if (!r)
		r = check_itimer(rt, "profiling", t->prof);
	for (i = 0; !r && i < t->n_posix; i++) {
		r = check_timer(rt, t->posix[i]);
		for (k = 0; !r && k < i; k++)
			if (t->posix[k]->it_id == t->posix[i]->it_id)
				r = refuse_task(rt->pid, -EINVAL, "make timer %u twice", t->posix[i]->it_id);
	}
	return r;
}

size_t timers_args_size(const struct rtask *rt)
{
	return rt->core->tc->timers->n_posix * sizeof(struct restorer_timer) + 16;
}

static void put_itimer(struct restorer_itimer *it, int which, const struct ItimerEntry *e)
{
	it->which = -1;
	if (!e->isec && !e->iusec && !e->vsec && !e->vusec)
		return;
	it->which = which;
	it->isec = (int64_t)e->isec;
	it->iusec = (int64_t)e->iusec;
	/* Nothing left of an interval: it begins anew. */
	it->vsec = (int64_t)(e->vsec || e->vusec ? e->vsec : e->isec);
	it->vusec = (int64_t)(e->vsec || e->vusec ? e->vusec : e->iusec);
}

static void put_timer(struct restorer_timer *rt, const struct PosixTimerEntry *e)
{
	rt->id = (int)e->it_id;
	rt->clock = (int)e->clock_id;
	rt->notify = (int)e->it_sigev_notify;
	rt->sig = (int)e->si_signo;
	rt->tid = e->notify_thread_id;
	rt->value = e->sival_ptr;
	rt->isec = (int64_t)e->isec;
	rt->insec = (int64_t)e->insec;
	rt->vsec = (int64_t)e->vsec;
	rt->vnsec = (int64_t)e->vnsec;
}

int timers_args(struct restore *rs, const struct rtask *rt, struct restorer_args *a)
{
	const struct TaskTimersEntry *t = rt->core->tc->timers;
	struct restorer_timer *timers;
	size_t i, k;

	put_itimer(&a->itimers[0], ITIMER_REAL, t->real);
	put_itimer(&a->itimers[1], ITIMER_VIRTUAL, t->virt);
	put_itimer(&a->itimers[2], ITIMER_PROF, t->prof);

	if (!t->n_posix)
		return 0;
	timers = restorer_alloc(a, t->n_posix * sizeof(*timers));
	if (!timers)
		return -ENOMEM;
	/* By id: where the kernel gives ids in order, the gaps are made and taken away on the way up. */
	for (i = 0; i < t->n_posix; i++) {
		for (k = i; k > 0 && timers[k - 1].id > (int)t->posix[i]->it_id; k--)
			timers[k] = timers[k - 1];
		put_timer(&timers[k], t->posix[i]);
	}
	a->timers = timers;
	a->n_timers = t->n_posix;
	a->timers_by_id = kerndat_way(rs->kd, WAY_TIMER_IDS) == BY_TIMER_CR_IDS;
	return 0;
}
