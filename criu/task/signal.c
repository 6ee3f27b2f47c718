/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals of a task: what is pending (for all threads, for one), what is blocked, what is done about
 * each, where handlers run.
 * Saved: all of it; a queue entry whole, as siginfo_t.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "compel/compel.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "proto/core.pb-c.h"

static int look_at_queue(struct dump *d, struct task *t, pid_t tid, siginfo_t **ret_infos, size_t *ret_n)
{
	autofree siginfo_t *infos = NULL;
	size_t n;
	int r = victim_pending(t->victim, tid, &infos, &n);

	if (r < 0)
		return r;
	if (n) {
		*ret_infos = arena_dup(d->arena, infos, n * sizeof(*infos));
		if (!*ret_infos)
			return -ENOMEM;
	}
	*ret_n = n;
	return 0;
}

int signals_look(struct dump *d, struct task *t)
{
	struct task_look *l = t->look;
	int r = fault_at(FAULT_DUMP_SIGNALS);

	if (r < 0)
		return r;
	r = look_at_queue(d, t, 0, &l->pending, &l->n_pending);
	for (size_t i = 0; r == 0 && i < l->n_threads; i++)
		if (!l->threads[i].is_dead)
			r = look_at_queue(d, t, l->threads[i].tid, &l->threads[i].pending,
					  &l->threads[i].n_pending);
	return r;
}

static SignalQueueEntry *queue_to_image(struct arena *a, const siginfo_t *infos, size_t n)
{
	SignalQueueEntry *q = image_new(a, SIGNAL_QUEUE_ENTRY, SignalQueueEntry);

	if (!q)
		return NULL;
	q->signals = arena_array(a, n ? n : 1, sizeof(*q->signals));
	if (!q->signals)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		SiginfoEntry *e = image_new(a, SIGINFO_ENTRY, SiginfoEntry);

		if (!e)
			return NULL;
		e->siginfo.data = (uint8_t *)&infos[i];
		e->siginfo.len = sizeof(infos[i]);
		q->signals[q->n_signals++] = e;
	}
	return q;
}

static int actions_to_image(struct arena *a, const struct task *t, TaskCoreEntry *tc)
{
	const struct parasite_sigaction *acts = t->look->inside.sigactions;
	bool compat = arch_is_compat(&victim_living(t->victim)->regs);

	tc->sigactions = arena_array(a, PARASITE_SIGNALS, sizeof(*tc->sigactions));
	if (!tc->sigactions)
		return -ENOMEM;
	for (int sig = 1; sig <= PARASITE_SIGNALS; sig++) {
		const struct parasite_sigaction *act = &acts[sig - 1];
		SaEntry *e;

		/* Nobody can change these two. */
		if (sig == SIGKILL || sig == SIGSTOP)
			continue;
		e = image_new(a, SA_ENTRY, SaEntry);
		if (!e)
			return -ENOMEM;
		e->sigaction = act->handler;
		e->flags = act->flags;
		e->restorer = act->restorer;
		e->mask = act->mask;
		e->has_compat_sigaction = true;
		e->compat_sigaction = compat;
		tc->sigactions[tc->n_sigactions++] = e;
	}
	return 0;
}

int signals_to_image(struct arena *a, const struct task *t, TaskCoreEntry *tc)
{
	tc->signals_s = queue_to_image(a, t->look->pending, t->look->n_pending);
	if (!tc->signals_s)
		return -ENOMEM;
	if (t->state == TASK_STOPPED) {
		tc->has_stop_signo = true;
		tc->stop_signo = (uint32_t)t->stop_signal;
	}
	return actions_to_image(a, t, tc);
}

int signals_thread_to_image(struct arena *a, const struct thread_look *th, ThreadCoreEntry *tc)
{
	ThreadSasEntry *sas = image_new(a, THREAD_SAS_ENTRY, ThreadSasEntry);

	tc->signals_p = queue_to_image(a, th->pending, th->n_pending);
	if (!sas || !tc->signals_p)
		return -ENOMEM;

	sas->ss_sp = th->inside.sas_sp;
	sas->ss_size = th->inside.sas_size;
	sas->ss_flags = th->is_dead ? SS_DISABLE : th->inside.sas_flags;
	tc->sas = sas;
	if (th->inside.pdeath_sig) {
		tc->has_pdeath_sig = true;
		tc->pdeath_sig = th->inside.pdeath_sig;
	}
	return 0;
}
