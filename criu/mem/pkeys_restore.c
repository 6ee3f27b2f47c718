// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protection keys at restore. Keys are of the process; the kernel gives the lowest that is free, so all up to the highest
 * are taken and those that are not the task's are given back. Mappings get theirs with their protection; what a thread may do with
 * each is in its registers (x86: PKRU).
 */
#include <errno.h>
#include <sys/mman.h>

#include "base/err.h"
#include "criu/image/fault.h"
#include "criu/inside/pkeys.h"
#include "criu/mem/rmem.h"
#include "criu/task/restore.h"
#include "kerndat/kerndat.h"

int pkeys_read(struct restore *rs, struct rtask *rt, struct rtask_mem *m)
{
	m->pkeys = rt->mm->pkeys;
	for (size_t i = 0; i < m->n; i++) {
		const VmaEntry *e = m->v[i].e;

		if (e->pkey >= PKEYS_MAX)
			return err_task(rt->pid, -EINVAL, "use its mapping at %#llx: no machine has a protection key %u",
					(unsigned long long)e->start, e->pkey);
		m->pkeys |= 1u << e->pkey;
	}
	m->pkeys &= ~1u; /* everybody has it */
	if (m->pkeys && !kerndat_has(rs->kd, KD_PKEYS))
		return refuse_task(rt->pid, -ENOTSUP, "restore its protection keys: this machine has none (criu check --feature pkeys)");
	return 0;
}

static int free_keys(uint32_t keys)
{
	for (int key = 1; key < PKEYS_MAX; key++)
		if (keys & 1u << key && pkey_free(key) < 0)
			return -errno;
	return 0;
}

int pkeys_place(struct rtask *rt)
{
	const uint32_t want = rt->mem->pkeys;
	uint32_t have;
	int r, key;

	/* A parent's keys come by fork. */
	if (!want && !(rt->parent && rt->parent->mem && rt->parent->mem->pkeys))
		return 0;
	r = fault_at(FAULT_RESTORE_PKEYS);
	if (r < 0)
		return err_task(rt->pid, r, "allocate its protection keys %#x", want);
	for (have = pkeys_allocated(); want & ~have;) {
		/* Open to criu, which puts the mappings in place; the thread's own rights come with its registers. */
		key = neg_errno(pkey_alloc(0, 0));
		if (key < 0)
			return err_task(rt->pid, key, "allocate its protection keys %#x; there are %#x", want, have);
		have |= 1u << key;
	}
	r = free_keys(have & ~want);
	return r < 0 ? err_task(rt->pid, r, "give protection keys %#x back", have & ~want) : 0;
}
