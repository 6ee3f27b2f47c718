/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals of a process: dispositions, the queues of the process and of each thread, alternate
 * stacks. Masks are set at the very end, by ptrace (finish.c).
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "arch/arch.h"
#include "base/err.h"
#include "criu/inside/restorer.h"
#include "criu/task/parts_restore.h"
#include "criu/task/restore.h"
#include "proto/core.pb-c.h"

/* SIGKILL and SIGSTOP cannot be changed; the image has all others in ascending order. */
#define N_SIGNALS    (_NSIG - 1)
#define N_SIGACTIONS (N_SIGNALS - 2)

/* <signal.h> and the kernel's header do not mix. */
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

static int check_queue(const struct rtask *rt, pid_t tid, const struct SignalQueueEntry *q)
{
	size_t i;

	for (i = 0; q && i < q->n_signals; i++) {
		const ProtobufCBinaryData *d = &q->signals[i]->siginfo;
		int32_t signo;

		if (d->len != sizeof(struct restorer_siginfo))
			return refuse_task(tid, -EINVAL, "queue a signal with %zu bytes of information, not %zu", d->len,
					   sizeof(struct restorer_siginfo));
		memcpy(&signo, d->data, sizeof(signo));
		if (signo < 1 || signo > N_SIGNALS || signo == SIGKILL || signo == SIGSTOP)
			return refuse_task(tid, -EINVAL, "queue signal %d: the image is damaged", signo);
	}
	return 0;
}

static int check_sas(pid_t tid, const struct ThreadSasEntry *sas)
{
	if (sas && (sas->ss_flags & ~(SS_ONSTACK | SS_DISABLE | SS_AUTODISARM)))
		return refuse_task(tid, -EINVAL, "set an alternate stack with flags %#x", sas->ss_flags);
	return 0;
}

static bool is_stop_signal(uint32_t sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

static bool is_compat(const struct SaEntry *e)
{
	return e->has_compat_sigaction && e->compat_sigaction;
}

static int check_actions(const struct rtask *rt, const struct TaskCoreEntry *tc)
{
	if (tc->n_sigactions != N_SIGACTIONS)
		return refuse_task(rt->pid, -EINVAL, "restore %zu signal dispositions, not %d%s", tc->n_sigactions,
				   N_SIGACTIONS,
				   tc->n_sigactions ? "" : "; images with sigacts-N.img are older than we read");
	for (size_t i = 0; i < tc->n_sigactions; i++)
		if (is_compat(tc->sigactions[i]) != arch_image_is_compat(rt->core))
			return refuse_task(rt->pid, -EINVAL, "set signal handlers of 32 bits in a process of 64, or the other way");
	return 0;
}

int signals_check(const struct restore *rs, const struct rtask *rt)
{
	const struct TaskCoreEntry *tc = rt->core->tc;
	size_t i;
	int r;

	r = check_actions(rt, tc);
	if (!r)
		r = check_queue(rt, rt->pid, tc->signals_s);
	for (i = 0; !r && i < rt->n_threads; i++) {
		const struct rthread *th = &rt->threads[i];

		r = check_queue(rt, th->tid, th->core->thread_core->signals_p);
		if (!r)
			r = check_sas(th->tid, th->core->thread_core->sas);
		if (!r && th->core->thread_core->pdeath_sig > N_SIGNALS)
			r = refuse_task(th->tid, -EINVAL, "set the parent death signal %u",
					th->core->thread_core->pdeath_sig);
	}
	if (!r && rt->state == TASK_STOPPED && tc->has_stop_signo && !is_stop_signal(tc->stop_signo))
		r = refuse_task(rt->pid, -EINVAL, "stop it by signal %u: no stop signal", tc->stop_signo);
	return r;
}

static size_t queue_length(const struct SignalQueueEntry *q)
{
	return q ? q->n_signals : 0;
}

size_t signals_args_size(const struct rtask *rt)
{
	size_t i, n = queue_length(rt->core->tc->signals_s);

	for (i = 0; i < rt->n_threads; i++)
		n += queue_length(rt->threads[i].core->thread_core->signals_p);
	return n * sizeof(struct restorer_siginfo) + N_SIGACTIONS * sizeof(struct restorer_sigaction) +
	       (rt->n_threads + 2) * 16;
}

static int put_queue(struct restorer_args *a, const struct SignalQueueEntry *q,
		     const struct restorer_siginfo **ret_infos, size_t *ret_n)
{
	struct restorer_siginfo *infos;
	size_t i, n = queue_length(q);

	if (!n)
		return 0;
	infos = restorer_alloc(a, n * sizeof(*infos));
	if (!infos)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		memcpy(&infos[i], q->signals[i]->siginfo.data, sizeof(infos[i]));
	*ret_infos = infos;
	*ret_n = n;
	return 0;
}

static void put_action(struct restorer_sigaction *sa, uint32_t sig, const struct SaEntry *e)
{
	sa->sig = sig;
	sa->compat = is_compat(e);
	sa->handler = e->sigaction;
	sa->flags = e->flags;
	sa->restorer = e->restorer;
	sa->mask = e->mask;
}

/*
 * Only what is not the default: criu's own dispositions are all default by now (fork.c), and so
 * are those of every task before its restorer. SIGCHLD comes last: zombies are made before.
 */
static int put_actions(struct restorer_args *a, const struct TaskCoreEntry *tc)
{
	struct restorer_sigaction *sas = restorer_alloc(a, N_SIGACTIONS * sizeof(*sas));
	const struct SaEntry *chld = NULL;
	uint32_t sig;
	size_t i = 0, n = 0;

	if (!sas)
		return -ENOMEM;
	for (sig = 1; sig <= N_SIGNALS; sig++) {
		const struct SaEntry *e;

		if (sig == SIGKILL || sig == SIGSTOP)
			continue;
		e = tc->sigactions[i++];
		if (sig == SIGCHLD)
			chld = e;
		else if (e->sigaction || e->flags || e->mask)
			put_action(&sas[n++], sig, e);
	}
	put_action(&sas[n++], SIGCHLD, chld);
	a->sigactions = sas;
	a->n_sigactions = n;
	return 0;
}

static void put_sas(struct restorer_thread *at, const struct ThreadSasEntry *sas)
{
	if (!sas || (sas->ss_flags & SS_DISABLE))
		return;
	at->has_sas = true;
	at->sas_sp = sas->ss_sp;
	at->sas_size = sas->ss_size;
	at->sas_flags = sas->ss_flags & SS_AUTODISARM; /* SS_ONSTACK is told, not set */
}

int signals_args(struct restore *rs, const struct rtask *rt, struct restorer_args *a)
{
	const struct TaskCoreEntry *tc = rt->core->tc;
	size_t i;
	int r;

	r = put_actions(a, tc);
	if (!r)
		r = put_queue(a, tc->signals_s, &a->pending, &a->n_pending);
	for (i = 0; !r && i < rt->n_threads; i++) {
		const struct ThreadCoreEntry *tk = rt->threads[i].core->thread_core;

		r = put_queue(a, tk->signals_p, &a->threads[i].pending, &a->threads[i].n_pending);
		put_sas(&a->threads[i], tk->sas);
		a->threads[i].pdeath_sig = tk->has_pdeath_sig ? tk->pdeath_sig : 0;
	}
	return r;
}
