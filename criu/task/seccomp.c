/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seccomp of a thread: strict mode, or a chain of filters of which each sees every system call.
 * Saved:     mode, and each filter's instructions and flags, the chain of each thread in full.
 * Not saved: that two tasks have the very same filter object; listeners (their descriptor is refused
 *            by criu/fd).
 *
 * The image wants a chain newest first, "prev" leading from a filter to the one that was installed
 * after it, and one chain for all threads where they agree: then the leader installs it with TSYNC.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "criu/image/blocker.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "kerndat/kerndat.h"
#include "proto/core.pb-c.h"
#include "proto/seccomp.pb-c.h"

#define FILTERS_MAX 32768 /* the kernel stops at 32768 instructions a chain */

struct filter {
	struct sock_filter *code;
	size_t n;
	uint32_t flags;
};

/* Oldest first, as they were installed. */
struct chain {
	struct filter *filters;
	size_t n;
};

struct dump_seccomp {
	SeccompFilter **all;
	size_t n, room;
};

static int read_filter(struct dump *d, pid_t tid, size_t i, struct filter *ret_f)
{
	struct {
		uint64_t filter_off, flags;
	} meta = { .filter_off = i };
	struct sock_filter *buf;
	long n = neg_errno(ptrace(PTRACE_SECCOMP_GET_FILTER, tid, (void *)i, NULL));

	if (n < 0)
		return (int)n;
	buf = arena_array(d->arena, (size_t)n, sizeof(*buf));
	if (!buf)
		return -ENOMEM;
	n = neg_errno(ptrace(PTRACE_SECCOMP_GET_FILTER, tid, (void *)i, buf));
	if (n < 0)
		return (int)n;

	/* Linux 4.16; before it there was no flag that lasts. */
	if (ptrace(PTRACE_SECCOMP_GET_METADATA, tid, (void *)sizeof(meta), &meta) < 0)
		meta.flags = 0;

	*ret_f = (struct filter){ buf, (size_t)n, (uint32_t)meta.flags };
	return 0;
}

static int read_chain(struct dump *d, pid_t tid, struct chain *ret_c)
{
	autofree struct filter *filters = NULL;
	size_t n = 0, room = 0;
	int r;

	for (;;) {
		if (n == FILTERS_MAX)
			return block_task(d, FILTERS, tid, -E2BIG, "dump so many seccomp filters");
		if (n == room) {
			struct filter *more;

			room = room ? 2 * room : 8;
			more = realloc(filters, room * sizeof(*filters));
			if (!more)
				return -ENOMEM;
			filters = more;
		}
		/* Index 0 is the oldest; ENOENT is behind the newest. */
		r = read_filter(d, tid, n, &filters[n]);
		if (r == -ENOENT)
			break;
		if (r < 0)
			return block_task(d, SECCOMP, tid, r, "read its seccomp filter %zu: %s; that takes CAP_SYS_ADMIN in the "
					  "initial user namespace, and no seccomp on criu", n, errno_name(r));
		n++;
	}

	ret_c->filters = arena_dup(d->arena, filters, (n ? n : 1) * sizeof(*filters));
	ret_c->n = n;
	return ret_c->filters ? 0 : -ENOMEM;
}

static bool same_chain(const struct chain *x, const struct chain *y)
{
	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++) {
		const struct filter *f = &x->filters[i], *g = &y->filters[i];

		if (f->n != g->n || f->flags != g->flags || memcmp(f->code, g->code, f->n * sizeof(*f->code)))
			return false;
	}
	return true;
}

/* Put one chain into the image; *ret_oldest is what the thread refers to. */
static int add_chain(struct dump *d, const struct chain *c, uint32_t more_flags, uint32_t *ret_oldest)
{
	struct dump_seccomp *s = d->seccomp;

	for (size_t i = c->n; i-- > 0;) {
		const struct filter *f = &c->filters[i];
		SeccompFilter *m = image_new(d->arena, SECCOMP_FILTER, SeccompFilter);

		if (!m)
			return -ENOMEM;
		m->filter.data = (uint8_t *)f->code;
		m->filter.len = f->n * sizeof(*f->code);
		m->has_flags = true;
		m->flags = f->flags | more_flags;
		if (i + 1 < c->n) {
			m->has_prev = true;
			m->prev = (uint32_t)s->n - 1;
		}
		if (s->n == s->room) {
			size_t room = s->room ? 2 * s->room : 64;
			SeccompFilter **more = arena_array(d->arena, room, sizeof(*more));

			if (!more)
				return -ENOMEM;
			if (s->n)
				memcpy(more, s->all, s->n * sizeof(*more));
			s->all = more;
			s->room = room;
		}
		s->all[s->n++] = m;
	}
	*ret_oldest = (uint32_t)s->n - 1;
	return 0;
}

/* May a dump hold a thread's seccomp back while it works inside, and read its filters? For a survey, which does neither. */
static int refuse_closed(struct dump *d, const struct task *t)
{
	for (size_t i = 0; i < t->look->n_threads; i++) {
		const struct thread_look *th = &t->look->threads[i];

		if (th->seccomp_mode == SECCOMP_MODE_DISABLED)
			continue;
		if (!kerndat_has(d->kd, KD_SECCOMP_SUSPEND) ||
		    (th->seccomp_mode == SECCOMP_MODE_FILTER && !kerndat_has(d->kd, KD_SECCOMP_FILTERS)))
			return block_task(d, SECCOMP, th->tid, -EPERM, "suspend or read its seccomp filters");
	}
	return 0;
}

int seccomp_look(struct dump *d, struct task *t)
{
	struct task_look *l = t->look;
	autofree struct chain *chains = NULL;
	bool any = false, all_same = true;
	int r = fault_at(FAULT_DUMP_SECCOMP);

	if (r < 0)
		return r;

	for (size_t i = 0; i < l->n_threads; i++) {
		struct thread_look *th = &l->threads[i];

		th->seccomp_mode = th->is_dead ? SECCOMP_MODE_DISABLED : th->status.seccomp;
		any |= th->seccomp_mode == SECCOMP_MODE_FILTER;
	}
	if (d->survey)
		return refuse_closed(d, t);
	if (!any)
		return 0;

	if (!d->seccomp)
		d->seccomp = arena_obj(d->arena, struct dump_seccomp);
	chains = calloc(l->n_threads, sizeof(*chains));
	if (!d->seccomp || !chains)
		return -ENOMEM;

	for (size_t i = 0; i < l->n_threads; i++) {
		struct thread_look *th = &l->threads[i];

		if (th->seccomp_mode == SECCOMP_MODE_FILTER) {
			r = read_chain(d, th->tid, &chains[i]);
			if (r < 0)
				return r;
		}
		all_same &= th->seccomp_mode == l->threads[0].seccomp_mode && same_chain(&chains[i], &chains[0]);
	}

	for (size_t i = 0; i < l->n_threads; i++) {
		struct thread_look *th = &l->threads[i];

		if (th->seccomp_mode != SECCOMP_MODE_FILTER)
			continue;
		if (all_same && i) {
			th->seccomp_mode = SECCOMP_MODE_DISABLED;
			continue;
		}
		r = add_chain(d, &chains[i], all_same ? SECCOMP_FILTER_FLAG_TSYNC : 0, &th->seccomp_filter);
		if (r < 0)
			return r;
	}
	return 0;
}

void seccomp_to_image(const struct thread_look *th, ThreadCoreEntry *tc)
{
	if (th->seccomp_mode == SECCOMP_MODE_DISABLED)
		return;
	tc->has_seccomp_mode = true;
	tc->seccomp_mode = (SeccompMode)th->seccomp_mode;
	if (th->seccomp_mode == SECCOMP_MODE_FILTER) {
		tc->has_seccomp_filter = true;
		tc->seccomp_filter = th->seccomp_filter;
	}
}

int seccomp_write(struct dump *d)
{
	SeccompEntry m = SECCOMP_ENTRY__INIT;

	if (d->seccomp) {
		m.seccomp_filters = d->seccomp->all;
		m.n_seccomp_filters = d->seccomp->n;
	}
	return image_write_one(d->images, IMG_SECCOMP, 0, &m.base);
}
