/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seccomp of a thread: strict mode, or a chain of filters from seccomp.img, oldest first. Filters
 * are installed by the thread itself while its tracer suspends them (PTRACE_O_SUSPEND_SECCOMP), so they do not
 * see what the restorer still has to do.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>

#include "base/err.h"
#include "criu/image/image.h"
#include "criu/inside/restorer.h"
#include "criu/task/parts_restore.h"
#include "criu/task/restore.h"
#include "proto/core.pb-c.h"
#include "proto/seccomp.pb-c.h"

/* All filters of one thread together have at most so many instructions in the kernel, 4 more counted for each. */
#define CHAIN_MAX 32768

static int check_filter(size_t i, const struct SeccompFilter *f, size_t n_filters)
{
	if (!f->filter.len || f->filter.len % sizeof(struct sock_filter) ||
	    f->filter.len / sizeof(struct sock_filter) > BPF_MAXINSNS)
		return refuse_path("seccomp.img", -EINVAL, "use filter %zu of %zu bytes", i, f->filter.len);
	if (f->has_prev && f->prev >= n_filters)
		return refuse_path("seccomp.img", -EINVAL, "find filter %u that filter %zu names", f->prev, i);
	if (f->has_flags && (f->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER))
		return refuse_path("seccomp.img", -ENOTSUP, "install filter %zu with a listener: not supported", i);
	return 0;
}

int seccomp_read(struct restore *rs)
{
	autoimage struct image *img = NULL;
	size_t i;
	int r;

	r = image_open(rs->images, IMG_SECCOMP, 0, &img);
	if (r < 0 || !image_exists(img))
		return r;
	r = image_read(img, &seccomp_entry__descriptor, &rs->seccomp);
	if (r <= 0)
		return r;
	for (i = 0; i < rs->seccomp->n_seccomp_filters; i++) {
		r = check_filter(i, rs->seccomp->seccomp_filters[i], rs->seccomp->n_seccomp_filters);
		if (r < 0)
			return r;
	}
	return 0;
}

static uint32_t mode_of(const struct rthread *th)
{
	const struct ThreadCoreEntry *tk = th->core->thread_core;

	if (tk->has_seccomp_mode)
		return tk->seccomp_mode;
	/* Old images have it in the part of the process. */
	return th->core->tc && th->core->tc->has_old_seccomp_mode ? th->core->tc->old_seccomp_mode : 0;
}

static uint32_t first_filter_of(const struct rthread *th)
{
	const struct ThreadCoreEntry *tk = th->core->thread_core;

	if (tk->has_seccomp_mode)
		return tk->seccomp_filter;
	return th->core->tc->old_seccomp_filter;
}

/* The chain's length; -EINVAL for one that is endless or too long. */
static int chain_length(const struct restore *rs, uint32_t first)
{
	uint32_t i = first;
	size_t insns = 0;
	int n = 0;

	for (;;) {
		const struct SeccompFilter *f;

		if (!rs->seccomp || i >= rs->seccomp->n_seccomp_filters)
			return -EINVAL;
		f = rs->seccomp->seccomp_filters[i];
		insns += f->filter.len / sizeof(struct sock_filter) + 4;
		if (insns > CHAIN_MAX + 4)
			return -EINVAL;
		n++;
		if (!f->has_prev)
			return n;
		i = f->prev;
	}
}

int seccomp_check(struct restore *rs, const struct rtask *rt, const struct rthread *th)
{
	uint32_t mode = mode_of(th);

	if (!mode)
		return 0;
	rs->has_seccomp = true;
	if (mode == SECCOMP_MODE_STRICT)
		return 0;
	if (mode != SECCOMP_MODE_FILTER)
		return refuse_task(th->tid, -EINVAL, "set seccomp mode %u", mode);
	if (chain_length(rs, first_filter_of(th)) < 0)
		return refuse_task(th->tid, -EINVAL, "find its seccomp filters: seccomp.img is damaged or missing");
	return 0;
}

size_t seccomp_args_size(const struct restore *rs, const struct rthread *th)
{
	uint32_t i;
	size_t size = 0;

	if (mode_of(th) != SECCOMP_MODE_FILTER)
		return 0;
	for (i = first_filter_of(th);; i = rs->seccomp->seccomp_filters[i]->prev) {
		size += rs->seccomp->seccomp_filters[i]->filter.len + 16 + sizeof(struct restorer_filter);
		if (!rs->seccomp->seccomp_filters[i]->has_prev)
			return size + 16;
	}
}

int seccomp_args(struct restore *rs, const struct rthread *th, struct restorer_args *a, struct restorer_thread *at)
{
	struct restorer_filter *filters;
	uint32_t i;
	size_t k, n;

	at->seccomp_mode = mode_of(th);
	if (at->seccomp_mode != SECCOMP_MODE_FILTER)
		return 0;
	i = first_filter_of(th);
	n = (size_t)chain_length(rs, i);
	filters = restorer_alloc(a, n * sizeof(*filters));
	if (!filters)
		return -ENOMEM;
	for (k = 0; k < n; k++) {
		const struct SeccompFilter *f = rs->seccomp->seccomp_filters[i];
		void *code = restorer_alloc(a, f->filter.len);

		if (!code)
			return -ENOMEM;
		memcpy(code, f->filter.data, f->filter.len);
		filters[k].code = code;
		filters[k].len = (uint16_t)(f->filter.len / sizeof(struct sock_filter));
		filters[k].flags = f->has_flags ? f->flags : 0;
		i = f->prev;
	}
	at->filters = filters;
	at->n_filters = n;
	return 0;
}
