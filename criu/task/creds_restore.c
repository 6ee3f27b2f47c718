/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Credentials of a thread: user and group ids, supplementary groups, capabilities, securebits,
 * no_new_privs. What equals criu's own is left alone, so a user who restores his own tasks needs
 * no privilege. The order of the calls is the restorer's (criu/inside/restorer/creds.c).
 */
#include "criu/task/creds_restore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/own.h"
#include "base/proc.h"
#include "criu/inside/restorer.h"
#include "criu/task/parts_restore.h"
#include "criu/task/restore.h"
#include "proto/core.pb-c.h"
#include "proto/creds.pb-c.h"

#define GROUPS_MAX 65536 /* NGROUPS_MAX */
#define CAP_WORDS  2

/* All that this kernel has, without holes: read until the first that it does not know. */
static uint64_t known_capabilities(void)
{
	uint64_t known = 0;
	int cap;

	for (cap = 0; cap < 64 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		known |= 1ull << cap;
	return known;
}

int creds_read_now(struct restore *rs)
{
	struct creds_now *now = arena_obj(rs->arena, struct creds_now);
	autofd int dir = neg_errno(open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC));
	struct proc_status st;
	int r;

	if (!now)
		return err_any(-ENOMEM, "keep our credentials");
	r = dir < 0 ? dir : proc_read_status(dir, "status", rs->arena, &st);
	if (r < 0)
		return err_path("/proc/self/status", r, "read our own credentials");

	memcpy(now->uid, st.uid, sizeof(now->uid));
	memcpy(now->gid, st.gid, sizeof(now->gid));
	now->groups = st.groups;
	now->n_groups = st.n_groups;
	now->cap_inh = st.cap_inh;
	now->cap_prm = st.cap_prm;
	now->cap_eff = st.cap_eff;
	now->cap_bnd = st.cap_bnd;
	now->cap_amb = st.cap_amb;
	now->no_new_privs = st.no_new_privs;
	r = neg_errno(prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
	if (r < 0)
		return err_any(r, "read our own securebits");
	now->securebits = (uint32_t)r;
	now->cap_known = known_capabilities();
	rs->creds_now = now;
	return 0;
}

static int check_caps(const struct restore *rs, pid_t tid, const char *name, const uint32_t *words, size_t n)
{
	uint64_t set;

	if (n > CAP_WORDS)
		return refuse_task(tid, -EINVAL, "set %zu words of its %s capabilities; there are %d", n, name, CAP_WORDS);
	set = (n > 0 ? words[0] : 0) | (n > 1 ? (uint64_t)words[1] << 32 : 0);
	/* A bounding set of an older kernel lacks the new ones and is no trouble. */
	if (set & ~rs->creds_now->cap_known)
		return refuse_task(tid, -ENOTSUP, "set %s capabilities %#llx: this kernel does not know all of them", name,
				   (unsigned long long)set);
	return 0;
}

int creds_check(const struct restore *rs, const struct rtask *rt, const struct rthread *th)
{
	const struct CredsEntry *c = th->core->thread_core->creds;
	int r;

	if (!c)
		return refuse_task(th->tid, -ENOTSUP,
				   "restore it without credentials; images with creds-N.img are older than we read");
	if (c->n_groups > GROUPS_MAX)
		return refuse_task(th->tid, -EINVAL, "put it in %zu groups", c->n_groups);
	if (c->lsm_profile && *c->lsm_profile)
		return refuse_task(th->tid, -ENOTSUP, "restore its security label %s: not supported yet", c->lsm_profile);
	if (c->lsm_sockcreate && *c->lsm_sockcreate)
		return refuse_task(th->tid, -ENOTSUP, "restore its label for sockets %s: not supported yet", c->lsm_sockcreate);
	r = check_caps(rs, th->tid, "inheritable", c->cap_inh, c->n_cap_inh);
	if (!r)
		r = check_caps(rs, th->tid, "permitted", c->cap_prm, c->n_cap_prm);
	if (!r)
		r = check_caps(rs, th->tid, "effective", c->cap_eff, c->n_cap_eff);
	if (!r)
		r = check_caps(rs, th->tid, "bounding", c->cap_bnd, c->n_cap_bnd);
	if (!r)
		r = check_caps(rs, th->tid, "ambient", c->cap_amb, c->n_cap_amb);
	return r;
}

static uint64_t caps_of(const uint32_t *words, size_t n)
{
	return (n > 0 ? words[0] : 0) | (n > 1 ? (uint64_t)words[1] << 32 : 0);
}

static int compare_gids(const void *a, const void *b)
{
	gid_t x = *(const gid_t *)a, y = *(const gid_t *)b;

	return (x > y) - (x < y);
}

/* The kernel keeps groups sorted; an image need not. */
static bool same_groups(const struct creds_now *now, const uint32_t *sorted, size_t n)
{
	return n == now->n_groups && !memcmp(sorted, now->groups, n * sizeof(*sorted));
}

static int put_groups(const struct creds_now *now, const struct CredsEntry *c, struct restorer_args *a,
		      struct restorer_creds *rc)
{
	uint32_t *groups = restorer_alloc(a, c->n_groups * sizeof(*groups));

	if (!groups)
		return -ENOMEM;
	memcpy(groups, c->groups, c->n_groups * sizeof(*groups));
	qsort(groups, c->n_groups, sizeof(*groups), compare_gids);
	rc->groups = groups;
	rc->n_groups = c->n_groups;
	if (!same_groups(now, groups, c->n_groups))
		rc->what |= RCREDS_GROUPS;
	return 0;
}

static void put_ids(const struct creds_now *now, const struct CredsEntry *c, struct restorer_creds *rc)
{
	const uint32_t uid[4] = { c->uid, c->euid, c->suid, c->fsuid };
	const uint32_t gid[4] = { c->gid, c->egid, c->sgid, c->fsgid };

	if (memcmp(uid, now->uid, sizeof(uid)) || memcmp(gid, now->gid, sizeof(gid)))
		rc->what |= RCREDS_IDS;
	rc->uid = c->uid;
	rc->euid = c->euid;
	rc->suid = c->suid;
	rc->fsuid = c->fsuid;
	rc->gid = c->gid;
	rc->egid = c->egid;
	rc->sgid = c->sgid;
	rc->fsgid = c->fsgid;
}

static void put_caps(const struct creds_now *now, const struct CredsEntry *c, struct restorer_creds *rc)
{
	rc->cap_inh = caps_of(c->cap_inh, c->n_cap_inh);
	rc->cap_prm = caps_of(c->cap_prm, c->n_cap_prm);
	rc->cap_eff = caps_of(c->cap_eff, c->n_cap_eff);
	rc->cap_amb = caps_of(c->cap_amb, c->n_cap_amb);
	rc->cap_bnd_drop = now->cap_bnd & ~caps_of(c->cap_bnd, c->n_cap_bnd);
	rc->cap_all = now->cap_prm;

	if (rc->cap_bnd_drop)
		rc->what |= RCREDS_BOUNDING;
	if (rc->cap_amb != now->cap_amb)
		rc->what |= RCREDS_AMBIENT;
	if (rc->cap_inh != now->cap_inh || rc->cap_prm != now->cap_prm || rc->cap_eff != now->cap_eff)
		rc->what |= RCREDS_CAPS;
}

size_t creds_args_size(const struct rthread *th)
{
	return th->core->thread_core->creds->n_groups * sizeof(gid_t) + 16;
}

int creds_args(struct restore *rs, const struct rthread *th, struct restorer_args *a, struct restorer_thread *at)
{
	const struct CredsEntry *c = th->core->thread_core->creds;
	struct restorer_creds *rc = &at->creds;

	put_ids(rs->creds_now, c, rc);
	put_caps(rs->creds_now, c, rc);
	rc->securebits = c->secbits;
	if (rc->securebits != rs->creds_now->securebits)
		rc->what |= RCREDS_SECUREBITS;
	if (c->has_no_new_privs && c->no_new_privs && !rs->creds_now->no_new_privs)
		rc->what |= RCREDS_NO_NEW_PRIVS;
	return put_groups(rs->creds_now, c, a, rc);
}
