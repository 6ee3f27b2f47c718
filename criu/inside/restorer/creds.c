/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Credentials of a thread. The kernel forces the order:
 *  - with SECBIT_NO_SETUID_FIXUP a change of user ids leaves the capabilities alone, so all
 *    that follows may still be done;
 *  - the bounding set and securebits need CAP_SETPCAP, so capabilities come last;
 *  - an ambient capability must be permitted and inheritable when it is raised, and
 *    NO_CAP_AMBIENT_RAISE may be among the final securebits, so it is raised before these.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>

#include "criu/inside/restorer/steps.h"

static long set_caps(uint64_t inh, uint64_t prm, uint64_t eff)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };
	const struct __user_cap_data_struct data[2] = {
		{ (uint32_t)eff, (uint32_t)prm, (uint32_t)inh },
		{ (uint32_t)(eff >> 32), (uint32_t)(prm >> 32), (uint32_t)(inh >> 32) },
	};

	return sys_call2(__NR_capset, &head, data);
}

static long set_ids(const struct restorer_creds *c)
{
	long r = sys_call3(__NR_setresgid, c->gid, c->egid, c->sgid);

	if (!r)
		r = sys_call3(__NR_setresuid, c->uid, c->euid, c->suid);
	/* These return the old id and report no error: look whether it is there. */
	(void)sys_call1(__NR_setfsgid, c->fsgid);
	(void)sys_call1(__NR_setfsuid, c->fsuid);
	if (!r && ((uint32_t)sys_call1(__NR_setfsgid, -1) != c->fsgid ||
		   (uint32_t)sys_call1(__NR_setfsuid, -1) != c->fsuid))
		r = -EPERM;
	return r;
}

static long drop_bounding(const struct restorer_creds *c)
{
	unsigned long cap;
	long r = 0;

	for (cap = 0; !r && cap < 64; cap++)
		if (c->cap_bnd_drop & (1ull << cap))
			r = sys_prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	return r;
}

static long raise_ambient(const struct restorer_creds *c)
{
	unsigned long cap;
	long r = sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);

	if (!c->cap_amb)
		return r;
	if (!r)
		r = set_caps(c->cap_inh, c->cap_all, c->cap_all);
	for (cap = 0; !r && cap < 64; cap++)
		if (c->cap_amb & (1ull << cap))
			r = sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0);
	return r;
}

int creds_set(struct restorer_thread *t)
{
	const struct restorer_creds *c = &t->creds;
	const uint32_t what = c->what;
	const bool keep = what & RCREDS_IDS;
	long r;

	if ((what & RCREDS_NO_NEW_PRIVS) && (r = sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) < 0)
		return restorer_fail(t, r, "set no_new_privs");
	if (keep && (r = sys_prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)) < 0)
		return restorer_fail(t, r, "change its ids; that needs CAP_SETPCAP");
	if ((what & RCREDS_GROUPS) && (r = sys_call2(__NR_setgroups, c->n_groups, c->groups)) < 0)
		return restorer_fail(t, r, "set its groups");
	if (keep && (r = set_ids(c)) < 0)
		return restorer_fail(t, r, "set its user and group ids");
	if ((what & RCREDS_BOUNDING) && (r = drop_bounding(c)) < 0)
		return restorer_fail(t, r, "drop capabilities from its bounding set");
	if ((what & RCREDS_AMBIENT) && (r = raise_ambient(c)) < 0)
		return restorer_fail(t, r, "set its ambient capabilities");
	if ((keep || (what & RCREDS_SECUREBITS)) && (r = sys_prctl(PR_SET_SECUREBITS, c->securebits, 0, 0, 0)) < 0)
		return restorer_fail(t, r, "set its securebits");
	/* Changed ids are a change of capabilities too: effective ones follow the user id. */
	if ((keep || (what & (RCREDS_CAPS | RCREDS_AMBIENT))) && (r = set_caps(c->cap_inh, c->cap_prm, c->cap_eff)) < 0)
		return restorer_fail(t, r, "set its capabilities");
	return 0;
}
