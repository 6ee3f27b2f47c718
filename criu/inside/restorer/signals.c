/* SPDX-License-Identifier: GPL-2.0-only */
/* Dispositions and queues. All signals are blocked, so nothing that is queued here is delivered. */
#include "criu/inside/restorer/steps.h"

#include "compat.h"    /* arch */
#include "sigaction.h" /* arch */

int signals_set_actions(struct restorer_args *a)
{
	size_t i;
	long r;

	for (i = 0; i < a->n_sigactions; i++) {
		const struct restorer_sigaction *sa = &a->sigactions[i];

		r = (sa->compat ? arch_compat_sigaction : arch_sigaction)((int)sa->sig, sa->handler, sa->flags, sa->restorer,
									     sa->mask);
		if (r < 0)
			return restorer_fail(&a->threads[0], r, "set its signal dispositions");
	}
	return 0;
}

static int signo_of(const struct restorer_siginfo *si)
{
	return (int)(uint32_t)si->raw[0];
}

int signals_queue_shared(struct restorer_args *a)
{
	size_t i;
	long r;

	for (i = 0; i < a->n_pending; i++) {
		struct restorer_siginfo si = a->pending[i];

		r = sys_rt_sigqueueinfo(a->pid, signo_of(&si), &si);
		if (r < 0)
			return restorer_fail(&a->threads[0], r, "queue its pending signals");
	}
	return 0;
}

int signals_queue_private(struct restorer_thread *t)
{
	size_t i;
	long r;

	for (i = 0; i < t->n_pending; i++) {
		struct restorer_siginfo si = t->pending[i];

		r = sys_rt_tgsigqueueinfo(t->args->pid, t->tid, signo_of(&si), &si);
		if (r < 0)
			return restorer_fail(t, r, "queue its pending signals");
	}
	return 0;
}
