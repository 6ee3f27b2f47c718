/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interval timers (setitimer) and POSIX timers (timer_create).
 * Saved:     interval, time left, overrun, signal and target of each.
 * How:       /proc/PID/timers lists the POSIX timers; what is left of each only the task can ask.
 * Not saved: what the waiting signal of a timer has overrun so far: the kernel tells it only to who takes the signal
 *            (timer_getoverrun() is about the one taken last, si_overrun of a queued one is 0), and lets nobody set it;
 *            that a timer was set to an absolute time of the wall clock; it comes back relative.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/own.h"
#include "compel/compel.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "proto/core.pb-c.h"
#include "proto/timer.pb-c.h"

/* "ID: 0", "signal: 10/00007f12", "notify: signal/tid.812", "ClockID: 1": four lines a timer. */
static int parse_timers(char *text, struct arena *a, struct task_look *l)
{
	struct posix_timer_look *tm = NULL;
	char *save = NULL;
	size_t n = 0;

	for (char *p = text; (p = strstr(p, "ID: ")); p += 4)
		n += p == text || p[-1] == '\n';
	l->timers = arena_array(a, n ? n : 1, sizeof(*l->timers));
	if (!l->timers)
		return -ENOMEM;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		unsigned long long value;
		char how[16], whom[8];
		unsigned int u;
		int v;

		if (sscanf(line, "ID: %d", &v) == 1) {
			if (l->n_timers == n)
				return -EBADMSG;
			tm = &l->timers[l->n_timers++];
			tm->id = v;
		} else if (tm && sscanf(line, "signal: %u/%llx", &u, &value) == 2) {
			tm->signo = u;
			tm->value = value;
		} else if (tm && sscanf(line, "notify: %15[a-z]/%7[a-z].%d", how, whom, &v) == 3) {
			tm->notify = !strcmp(how, "none")   ? SIGEV_NONE :
				     !strcmp(how, "thread") ? SIGEV_THREAD : SIGEV_SIGNAL;
			if (!strcmp(whom, "tid")) {
				tm->notify |= SIGEV_THREAD_ID;
				tm->target = v;
			}
		} else if (tm && sscanf(line, "ClockID: %d", &v) == 1) {
			tm->clock = v;
		}
	}
	return 0;
}

/* What the parasite is asked with: one question for all of them. */
static size_t args_size(const struct task_look *l)
{
	return sizeof(struct parasite_timers) + l->n_timers * sizeof(struct parasite_timer);
}

int timers_look(struct dump *d, struct task *t)
{
	autofree char *text = NULL;
	int r = fault_at(FAULT_DUMP_TIMERS);

	if (r < 0)
		return r;
	r = io_slurp_at(t->proc, "timers", &text, NULL);
	if (r == -ENOENT)
		return 0; /* CONFIG_CHECKPOINT_RESTORE or CONFIG_POSIX_TIMERS is off; kerndat tells */
	if (r == 0)
		r = parse_timers(text, d->arena, t->look);
	if (r == 0 && args_size(t->look) > VICTIM_ARGS_MAX)
		return block_task(d, TIMERS, t->pid, -E2BIG, "dump as many as %zu POSIX timers", t->look->n_timers);
	return r < 0 ? err_task(t->pid, r, "list its POSIX timers") : 0;
}

int timers_look_inside(struct dump *d, struct task *t)
{
	struct task_look *l = t->look;
	size_t size = args_size(l);
	int r;

	if (!l->n_timers)
		return 0;

	l->timers_inside = arena_alloc(d->arena, size);
	if (!l->timers_inside)
		return -ENOMEM;
	l->timers_inside->nr = (uint32_t)l->n_timers;
	for (size_t i = 0; i < l->n_timers; i++)
		l->timers_inside->timers[i].id = l->timers[i].id;

	r = victim_call(t->victim, PARASITE_DUMP_TIMERS, l->timers_inside, size);
	return r < 0 ? err_task(t->pid, r, "read its POSIX timers") : 0;
}

static ItimerEntry *itimer_to_image(struct arena *a, const struct parasite_itimer *it)
{
	ItimerEntry *m = image_new(a, ITIMER_ENTRY, ItimerEntry);

	if (m) {
		m->isec = (uint64_t)it->isec;
		m->iusec = (uint64_t)it->iusec;
		m->vsec = (uint64_t)it->vsec;
		m->vusec = (uint64_t)it->vusec;
	}
	return m;
}

/* The thread's number as the tree sees it. */
static pid_t virtual_tid(const struct task_look *l, pid_t tid)
{
	for (size_t i = 0; i < l->n_threads; i++)
		if (l->threads[i].tid == tid)
			return l->threads[i].vtid;
	return 0;
}

static PosixTimerEntry *posix_timer_to_image(struct arena *a, const struct task_look *l, size_t i)
{
	const struct parasite_timer *in = &l->timers_inside->timers[i];
	const struct posix_timer_look *out = &l->timers[i];
	PosixTimerEntry *m = image_new(a, POSIX_TIMER_ENTRY, PosixTimerEntry);

	if (!m)
		return NULL;
	m->it_id = (uint32_t)out->id;
	m->clock_id = (uint32_t)out->clock;
	m->si_signo = out->signo;
	m->it_sigev_notify = out->notify;
	m->sival_ptr = out->value;
	m->overrun = (uint32_t)in->overrun;
	m->isec = (uint64_t)in->isec;
	m->insec = (uint64_t)in->insec;
	m->vsec = (uint64_t)in->vsec;
	m->vnsec = (uint64_t)in->vnsec;
	if (out->notify & SIGEV_THREAD_ID) {
		m->has_notify_thread_id = true;
		m->notify_thread_id = virtual_tid(l, out->target);
	}
	return m;
}

int timers_to_image(struct arena *a, const struct task_look *l, TaskCoreEntry *tc)
{
	TaskTimersEntry *m = image_new(a, TASK_TIMERS_ENTRY, TaskTimersEntry);

	if (!m)
		return -ENOMEM;
	m->real = itimer_to_image(a, &l->inside.itimers[0]);
	m->virt = itimer_to_image(a, &l->inside.itimers[1]);
	m->prof = itimer_to_image(a, &l->inside.itimers[2]);
	if (!m->real || !m->virt || !m->prof)
		return -ENOMEM;

	if (l->n_timers) {
		m->posix = arena_array(a, l->n_timers, sizeof(*m->posix));
		if (!m->posix)
			return -ENOMEM;
	}
	for (size_t i = 0; i < l->n_timers; i++) {
		m->posix[i] = posix_timer_to_image(a, l, i);
		if (!m->posix[i])
			return -ENOMEM;
		m->n_posix++;
	}
	tc->timers = m;
	return 0;
}
