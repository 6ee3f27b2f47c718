/* SPDX-License-Identifier: GPL-2.0-only */
/* seccomp of a thread; asleep until its tracer lets it go (PTRACE_O_SUSPEND_SECCOMP). */
#include <errno.h>
#include <linux/seccomp.h>

#include "criu/inside/restorer/steps.h"

/* struct sock_fprog of 64-bit machines. */
struct program {
	uint16_t len;
	const void *code;
};

int seccomp_set(struct restorer_thread *t)
{
	size_t i;
	long r;

	if (t->seccomp_mode == SECCOMP_MODE_STRICT) {
		r = sys_seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL);
		return r < 0 ? restorer_fail(t, r, "put it in strict seccomp mode") : 0;
	}
	for (i = 0; i < t->n_filters; i++) {
		struct program prog = { t->filters[i].len, t->filters[i].code };

		r = sys_seccomp(SECCOMP_SET_MODE_FILTER, t->filters[i].flags, &prog);
		if (r < 0)
			return restorer_fail(t, r, "install its seccomp filter");
		/* TSYNC tells which thread it could not take along. */
		if (r > 0)
			return restorer_fail(t, -EBUSY, "install its seccomp filter in all threads");
	}
	return 0;
}
