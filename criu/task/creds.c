/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Credentials of a thread: ids, groups, capabilities, securebits, no_new_privs, the LSM label.
 * Saved: all, for each thread. Ids as criu sees them: a tree in a user namespace of its own is refused
 * by criu/task/ids.c.
 * Not saved: keyrings.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/task/dump.h"
#include "criu/task/look.h"
#include "criu/task/lsm.h"
#include "proto/core.pb-c.h"
#include "proto/creds.pb-c.h"

int creds_look(struct dump *d, struct task *t, struct thread_look *th)
{
	char path[64];
	int r = fault_at(FAULT_DUMP_CREDS);

	if (r < 0)
		return r;

	snprintf(path, sizeof(path), "task/%d/status", th->tid);
	r = proc_read_status(t->proc, path, d->arena, &th->status);
	if (r < 0)
		return err_task(th->tid, r, "read its status");
	if (th->status.n_groups > 0 && !th->status.groups)
		return -ENOMEM;
	return lsm_look(d, t, th);
}

/* 64 bits as two words, the low one first. */
static int caps_to_image(struct arena *a, uint64_t caps, uint32_t **ret_words, size_t *ret_n)
{
	uint32_t *w = arena_array(a, 2, sizeof(*w));

	if (!w)
		return -ENOMEM;
	w[0] = (uint32_t)caps;
	w[1] = (uint32_t)(caps >> 32);
	*ret_words = w;
	*ret_n = 2;
	return 0;
}

int creds_to_image(struct arena *a, const struct thread_look *th, ThreadCoreEntry *tc)
{
	const struct proc_status *st = &th->status;
	CredsEntry *m = image_new(a, CREDS_ENTRY, CredsEntry);

	if (!m)
		return -ENOMEM;
	m->uid = st->uid[0];
	m->euid = st->uid[1];
	m->suid = st->uid[2];
	m->fsuid = st->uid[3];
	m->gid = st->gid[0];
	m->egid = st->gid[1];
	m->sgid = st->gid[2];
	m->fsgid = st->gid[3];
	m->groups = st->groups;
	m->n_groups = st->n_groups;
	if (caps_to_image(a, st->cap_inh, &m->cap_inh, &m->n_cap_inh) < 0 ||
	    caps_to_image(a, st->cap_prm, &m->cap_prm, &m->n_cap_prm) < 0 ||
	    caps_to_image(a, st->cap_eff, &m->cap_eff, &m->n_cap_eff) < 0 ||
	    caps_to_image(a, st->cap_bnd, &m->cap_bnd, &m->n_cap_bnd) < 0 ||
	    caps_to_image(a, st->cap_amb, &m->cap_amb, &m->n_cap_amb) < 0)
		return -ENOMEM;
	m->secbits = th->inside.securebits;
	if (st->no_new_privs) {
		m->has_no_new_privs = true;
		m->no_new_privs = 1;
	}
	m->lsm_profile = (char *)th->lsm_profile;
	m->lsm_sockcreate = (char *)th->lsm_sockcreate;
	tc->creds = m;
	return 0;
}
