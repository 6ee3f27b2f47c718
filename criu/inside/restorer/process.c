/* SPDX-License-Identifier: GPL-2.0-only */
/* What belongs to the process as a whole. */
#include <linux/membarrier.h>
#include <linux/prctl.h>
#include <sys/resource.h>

#include "criu/inside/restorer/steps.h"

int process_register_membarrier(struct restorer_args *a)
{
	unsigned int bit;
	long r;

	for (bit = 0; bit < 32; bit++) {
		if (!(a->membarrier & (1u << bit)))
			continue;
		r = sys_membarrier((int)(1u << bit), 0);
		if (r < 0)
			return restorer_fail(&a->threads[0], r, "repeat its membarrier registration");
	}
	return 0;
}

int process_set_subreaper(struct restorer_args *a)
{
	long r;

	if (!a->has_child_subreaper)
		return 0;
	r = sys_prctl(PR_SET_CHILD_SUBREAPER, a->child_subreaper, 0, 0, 0);
	return r < 0 ? restorer_fail(&a->threads[0], r, "make it a child subreaper") : 0;
}

int process_set_rlimits(struct restorer_args *a)
{
	size_t i;
	long r;

	for (i = 0; i < a->n_rlimits; i++) {
		const uint64_t limit[2] = { a->rlimits[i].cur, a->rlimits[i].max };

		r = sys_call4(__NR_prlimit64, 0, a->rlimits[i].resource, limit, 0);
		if (r < 0)
			return restorer_fail(&a->threads[0], r,
					     "set its resource limits; raising a hard limit needs CAP_SYS_RESOURCE");
	}
	return 0;
}

/*
 * prctl(2) takes 0 and 1 only. 2 is what the kernel gives by itself to who changed ids, when
 * fs.suid_dumpable is 2; where it did not, 0 is the nearest.
 */
int process_set_dumpable(struct restorer_args *a)
{
	long now = sys_prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), r;

	if (now == a->dumpable)
		return 0;
	r = sys_prctl(PR_SET_DUMPABLE, a->dumpable == 1, 0, 0, 0);
	return r < 0 ? restorer_fail(&a->threads[0], r, "set its dumpable flag") : 0;
}

int process_set_personality(struct restorer_args *a)
{
	long r = a->has_personality ? sys_call1(__NR_personality, a->personality) : 0;

	return r < 0 ? restorer_fail(&a->threads[0], r, "set its personality") : 0;
}

void process_close_files(struct restorer_args *a)
{
	/* Cannot fail but for a kernel without it (before 5.9). */
	if (a->close_from >= 0)
		(void)sys_call3(__NR_close_range, a->close_from, ~0u, 0);
}
