/* SPDX-License-Identifier: GPL-2.0-only */
/* Interval timers and POSIX timers. They are armed last, so that little of the time left is lost. */
#include <errno.h>
#include <signal.h>

#include "criu/inside/restorer/steps.h"

#ifndef PR_TIMER_CREATE_RESTORE_IDS /* Linux 6.16 */
#define PR_TIMER_CREATE_RESTORE_IDS	77
#define PR_TIMER_CREATE_RESTORE_IDS_OFF 0
#define PR_TIMER_CREATE_RESTORE_IDS_ON	1
#endif

/* The kernel's struct sigevent of 64-bit machines. */
struct kernel_sigevent {
	uint64_t value;
	int32_t signo, notify;
	int32_t tid;
	int32_t pad[11];
};
_Static_assert(sizeof(struct kernel_sigevent) == 64, "kernel ABI");

static long create(const struct restorer_timer *t, int *id)
{
	struct kernel_sigevent ev = { .value = t->value, .signo = t->sig, .notify = t->notify, .tid = t->tid };

	return sys_timer_create(t->clock, &ev, id);
}

static int create_by_id(struct restorer_args *a)
{
	size_t i;

	for (i = 0; i < a->n_timers; i++) {
		int id = a->timers[i].id;
		long r = create(&a->timers[i], &id);

		if (!r && id != a->timers[i].id)
			r = -EBUSY;
		if (r < 0)
			return restorer_fail(&a->threads[0], r, "create its timers");
	}
	return 0;
}

/* Before, a process got ids one after the other from 0: those in between are made and taken away. */
static int create_upwards(struct restorer_args *a)
{
	size_t i = 0;

	while (i < a->n_timers) {
		int id = 0;
		long r = create(&a->timers[i], &id);

		if (!r && id > a->timers[i].id)
			r = -EBUSY;
		if (!r && id == a->timers[i].id)
			i++;
		else if (!r)
			r = sys_timer_delete(id);
		if (r < 0)
			return restorer_fail(&a->threads[0], r, "create its timers");
	}
	return 0;
}

int timers_create(struct restorer_args *a)
{
	int r;

	if (!a->n_timers)
		return 0;
	if (!a->timers_by_id || sys_prctl(PR_TIMER_CREATE_RESTORE_IDS, PR_TIMER_CREATE_RESTORE_IDS_ON, 0, 0, 0) < 0)
		return create_upwards(a);
	r = create_by_id(a);
	(void)sys_prctl(PR_TIMER_CREATE_RESTORE_IDS, PR_TIMER_CREATE_RESTORE_IDS_OFF, 0, 0, 0);
	return r;
}

static int arm_itimers(struct restorer_args *a)
{
	size_t i;

	for (i = 0; i < 3; i++) {
		const struct restorer_itimer *it = &a->itimers[i];
		const int64_t val[4] = { it->isec, it->iusec, it->vsec, it->vusec };
		long r = it->which < 0 ? 0 : sys_setitimer(it->which, val, 0);

		if (r < 0)
			return restorer_fail(&a->threads[0], r, "arm its interval timers");
	}
	return 0;
}

int timers_arm(struct restorer_args *a)
{
	size_t i;
	int r = arm_itimers(a);

	for (i = 0; !r && i < a->n_timers; i++) {
		const struct restorer_timer *t = &a->timers[i];
		const int64_t val[4] = { t->isec, t->insec, t->vsec, t->vnsec };
		/* Nothing left and no interval: it was not armed. */
		long n = t->vsec || t->vnsec ? sys_timer_settime(t->id, 0, val, 0) : 0;

		if (n < 0)
			r = restorer_fail(&a->threads[0], n, "arm its timers");
	}
	return r;
}
