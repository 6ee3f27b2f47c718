/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/task/stages.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "criu/task/restore.h"

/* struct stages, and behind it the places of all tasks. */
static size_t stages_size(const struct restore *rs)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (sizeof(struct stages) + rs->n_tasks * sizeof(struct stages_place) + page - 1) & ~(page - 1);
}

struct stages_place *stages_place(const struct restore *rs, const struct rtask *rt)
{
	return (struct stages_place *)(rs->stages + 1) + rt->index;
}

uint64_t stages_words_at(const struct restore *rs, const struct rtask *rt)
{
	const struct stages_place *p = stages_place(rs, rt);

	/* The stages are the end of the restorer's mapping. */
	return p->base + p->size - stages_size(rs) + (uint64_t)((const char *)p->words - (const char *)rs->stages);
}

static void count_participants(struct restore *rs)
{
	struct stages *s = rs->stages;
	size_t i;

	restore_for_each_task (i, rs) {
		const struct rtask *rt = rs->tasks[i];

		s->n[STAGE_FORKED]++;
		s->n[STAGE_OPENED]++;
		if (!rtask_is_live(rt))
			continue;
		s->n[STAGE_TAKEN]++;
		s->n[STAGE_READY]++;
		s->n[STAGE_STANDING]++;
		if (rt->n_threads > 1)
			s->n[STAGE_THREADS]++;
	}
	memcpy(s->left, s->n, sizeof(s->left));
}

int stages_new(struct restore *rs)
{
	void *p = mmap(NULL, stages_size(rs), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return err_any(-errno, "map shared memory for %zu tasks", rs->n_tasks);
	rs->stages = p;
	count_participants(rs);
	return 0;
}

void stages_free(struct restore *rs)
{
	if (rs->stages)
		munmap(rs->stages, stages_size(rs));
	rs->stages = NULL;
}

int stages_move(struct restore *rs, uint64_t to)
{
	const size_t size = stages_size(rs);
	void *p = mremap(rs->stages, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)(uintptr_t)to);

	if (p == MAP_FAILED)
		return -errno;
	rs->stages = p;
	return 0;
}

size_t stages_room(const struct restore *rs)
{
	return stages_size(rs);
}

void stages_mark_created(struct restore *rs, const struct rtask *rt)
{
	__atomic_store_n(&stages_place(rs, rt)->created, 1, __ATOMIC_RELEASE);
}

void stages_mark_reaped(struct restore *rs, const struct rtask *rt)
{
	__atomic_store_n(&stages_place(rs, rt)->created, 0, __ATOMIC_RELEASE);
}

bool stages_is_created(const struct restore *rs, const struct rtask *rt)
{
	return __atomic_load_n(&stages_place(rs, rt)->created, __ATOMIC_ACQUIRE);
}

int stage_pass(struct restore *rs, enum stage stage)
{
	return stages_pass(rs->stages, stage);
}

void stage_failed(struct restore *rs, const struct rtask *rt, int r)
{
	const char *line = log_first_error();

	/* -ECANCELED without a word: somebody else failed first. */
	if (*line || r != -ECANCELED)
		(void)stages_tell(rs->stages, rt->pid, 0, r, line, true);
	stages_fail(rs->stages);
}

/* --- deaths, and being asked to stop --------------------------------------------------------------------- */

/* Those that ask the coordinator to stop, and the one that tells of deaths. */
static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };

#define N_SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* All that a signal handler can know: set before the handler. Listed in the walls' table. */
static struct {
	struct restore *rs;
	const struct rtask *rt;
	struct sigaction old[N_SIGNALS];
	volatile sig_atomic_t asked_to_stop;
} watch;

static bool may_die(const struct rtask *rt)
{
	uint32_t open = __atomic_load_n(&watch.rs->stages->open, __ATOMIC_ACQUIRE);

	return !rtask_is_live(rt) && open >= STAGE_OPENED;
}

/* "restore it: signal 11 ended it", without stdio. */
static void fail_of_death(const struct rtask *rt, const siginfo_t *si)
{
	char what[64] = "restore it: signal 00 ended it";
	char *digits = strchr(what, '0');

	digits[0] += (si->si_status / 10) % 10;
	digits[1] += si->si_status % 10;
	(void)stages_tell(watch.rs->stages, rt->pid, 0, 0,
			  si->si_code == CLD_EXITED ? "restore it: it ended by itself" : what, false);
	stages_fail(watch.rs->stages);
}

static bool is_dead(const struct rtask *rt, siginfo_t *ret_si)
{
	*ret_si = (siginfo_t){ .si_pid = 0 };
	return stages_is_created(watch.rs, rt) &&
	       !waitid(P_PID, (id_t)rt->pid, ret_si, WEXITED | WNOHANG | WNOWAIT | __WALL) && ret_si->si_pid == rt->pid;
}

/*
 * One SIGCHLD may stand for many deaths, and in the coordinator also for the end of a hook, so
 * ask about each child. Only async-signal-safe calls.
 */
static void on_sigchld(int sig, siginfo_t *si, void *context)
{
	const int saved = errno;
	struct rtask *child;
	siginfo_t dead;

	if (!watch.rt) {
		/* The root, and all that is traced: stage_collect() looks. */
		stages_event(watch.rs->stages);
	} else {
		list_for_each (child, &watch.rt->forks, fork_link)
			if (!may_die(child) && is_dead(child, &dead))
				fail_of_death(child, &dead);
	}
	errno = saved;
}

/*
 * The word that stage_collect() sleeps on changes: it will not fall asleep if it was about to. So nobody has to
 * look again after a while.
 */
static void on_stop(int sig, siginfo_t *si, void *context)
{
	watch.asked_to_stop = 1;
	stages_event(watch.rs->stages);
}

static int watch_signal(size_t i)
{
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_RESTART | SA_NOCLDSTOP };

	sa.sa_sigaction = signals[i] == SIGCHLD ? on_sigchld : on_stop;
	sigemptyset(&sa.sa_mask);
	if (sigaction(signals[i], NULL, &watch.old[i]) < 0)
		return -errno;
	/* nohup and background jobs of a shell ignore some: they stay ignored. */
	if (signals[i] != SIGCHLD && watch.old[i].sa_handler == SIG_IGN)
		return 0;
	return (int)neg_errno(sigaction(signals[i], &sa, NULL));
}

int stages_watch(struct restore *rs, const struct rtask *rt)
{
	int r = 0;

	watch.rs = rs;
	watch.rt = rt;
	if (rt) /* it came with the fork */
		return 0;
	watch.asked_to_stop = 0;
	for (size_t i = 0; !r && i < N_SIGNALS; i++)
		r = watch_signal(i);
	return r < 0 ? err_any(r, "watch for dying tasks") : 0;
}

void stages_unwatch(void)
{
	for (size_t i = 0; i < N_SIGNALS; i++)
		(void)sigaction(signals[i], &watch.old[i], NULL);
}

/* --- the coordinator ------------------------------------------------------------------------------------ */

static int report_failure(const struct restore *rs)
{
	const struct stages_error *e = &rs->stages->error;

	if (__atomic_load_n(&e->taken, __ATOMIC_ACQUIRE) != 2)
		return -ECANCELED;
	if (!e->is_line && !e->err)
		return refuse_task(e->pid, -ECHILD, "%s", e->what);
	if (!e->is_line)
		return err_task(e->tid ? e->tid : e->pid, e->err, "%s", e->what);
	log_adopt_error(e->what);
	return e->err;
}

/* One question about all that we may wait for: with a thousand tasks, asking each at every wake takes longer than the rest. */
static bool is_any_dead(void)
{
	siginfo_t si = { .si_pid = 0 };

	return !waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT | __WALL) && si.si_pid;
}

static void look_for_deaths(struct restore *rs)
{
	siginfo_t dead;
	size_t i;

	if (!is_any_dead())
		return;
	restore_for_each_task (i, rs) {
		const struct rtask *rt = rs->tasks[i];

		/* Those that are neither our children nor traced yet are their parents' to notice: ECHILD. */
		if (rtask_is_live(rt) && is_dead(rt, &dead)) {
			fail_of_death(rt, &dead);
			return;
		}
	}
}

int stage_collect(struct restore *rs, enum stage stage)
{
	struct stages *s = rs->stages;

	for (;;) {
		uint32_t events = __atomic_load_n(&s->events, __ATOMIC_ACQUIRE);

		if (stages_failed(s))
			return report_failure(rs);
		if (!__atomic_load_n(&s->left[stage], __ATOMIC_ACQUIRE))
			return 0;
		if (watch.asked_to_stop)
			return err_any(-EINTR, "go on: asked to stop");
		/* Now and not when woken: a death may have been told before we came to listen. */
		look_for_deaths(rs);
		(void)sys_futex(&s->events, FUTEX_WAIT, events, NULL);
	}
}

void stage_open(struct restore *rs, enum stage stage)
{
	stages_open(rs->stages, stage);
}
