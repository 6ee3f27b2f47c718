/* SPDX-License-Identifier: LGPL-2.1-only */
/* Questions and answers: mask, then memory, then cache file, then probe. */
#include "kerndat/kerndat.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kerndat/cache.h"
#include "kerndat/probe.h"
#include "kerndat/state.h"

static int open_handle(bool use_file, struct kerndat **ret_kd)
{
	struct kerndat *kd = calloc(1, sizeof(*kd));
	int r;

	if (!kd)
		return -ENOMEM;

	kd->use_file = use_file;
	r = kd_mask_parse(kd, getenv("KERNDAT_MASK"));
	if (r < 0) {
		free(kd);
		return r;
	}

	*ret_kd = kd;
	return 0;
}

int kerndat_open(struct kerndat **ret_kd)
{
	return open_handle(true, ret_kd);
}

int kerndat_open_uncached(struct kerndat **ret_kd)
{
	return open_handle(false, ret_kd);
}

void kerndat_close(struct kerndat *kd)
{
	if (kd)
		kd_labs_reap(kd);
	kerndat_leave(kd);
}

void kerndat_leave(struct kerndat *kd)
{
	if (!kd)
		return;
	if (kd->use_file && kd->learned && atomic_load(&kd->owner) == getpid())
		kd_cache_save(kd);
	free(kd->entries);
	free(kd);
}

bool kd_slot_put(struct kd_slot *slot, const struct kd_answer *answer, bool cached)
{
	int empty = SLOT_EMPTY;

	if (!atomic_compare_exchange_strong(&slot->phase, &empty, SLOT_WRITING))
		return false;
	slot->answer = *answer;
	slot->cached = cached;
	atomic_store(&slot->phase, SLOT_READY);
	return true;
}

/* Every caller may ask for its own mode; a filter that forbids even this one is a filter. */
bool kd_filtered(struct kerndat *kd)
{
	int known = atomic_load(&kd->filtered);

	if (!known) {
		int r = prctl(PR_GET_SECCOMP);

		/* EINVAL: a kernel without seccomp. */
		known = r == 0 || (r < 0 && errno == EINVAL) ? 1 : 2;
		atomic_store(&kd->filtered, known);
	}
	return known == 2;
}

/*
 * Container filters answer ENOSYS for calls they have not heard of, so that programs fall back:
 * behind a filter that number says nothing about the kernel.
 */
static void doubt(struct kerndat *kd, struct kd_answer *a)
{
	if (a->state != KD_NO || a->err != ENOSYS || !kd_filtered(kd))
		return;
	a->state = KD_CANNOT_TELL;
	strcpy(a->why, "ENOSYS, perhaps from the seccomp filter in force on us");
}

struct kd_answer kd_learn(struct kerndat *kd, enum kd_row row, const struct kd_answer *answer)
{
	struct kd_answer a = *answer;
	pid_t nobody = 0;

	doubt(kd, &a);
	if (!kd_slot_put(&kd->slots[row], &a, false) || kerndat_feature(row)->scope == KD_LIVE || a.state == KD_CANNOT_TELL)
		return a;
	if (!atomic_fetch_add(&kd->learned, 1))
		atomic_compare_exchange_strong(&kd->owner, &nobody, getpid());
	return a;
}

static struct kd_answer masked(uint8_t state)
{
	struct kd_answer a = { .state = state };

	strcpy(a.why, "forced by KERNDAT_MASK");
	return a;
}

struct question {
	struct kerndat *kd;
	const struct kd_feature *row;
};

static struct kd_answer ask_row(void *arg)
{
	const struct question *q = arg;

	return q->row->probe(q->kd, q->row);
}

/* Some filters kill for a call: then not us. */
static struct kd_answer probe(struct kerndat *kd, const struct kd_feature *f)
{
	struct question q = { kd, f };

	return kd_filtered(kd) && !kd->in_lab ? kd_in_child(kd, ask_row, &q) : f->probe(kd, f);
}

struct kd_answer kerndat_ask(struct kerndat *kd, enum kd_row row)
{
	const struct kd_feature *f = kerndat_feature(row);
	struct kd_slot *slot = &kd->slots[row];
	struct kd_answer a;

	if (kd->mask[row])
		return masked(kd->mask[row]);
	if (atomic_load(&slot->phase) == SLOT_READY)
		return slot->answer;

	if (kd->use_file && f->scope != KD_LIVE) {
		kd_cache_fetch(kd, f->scope);
		if (atomic_load(&slot->phase) == SLOT_READY)
			return slot->answer;
	}

	a = probe(kd, f);
	return kd_learn(kd, row, &a);
}

bool kerndat_has(struct kerndat *kd, enum kd_row row)
{
	return kerndat_ask(kd, row).state == KD_YES;
}

uint64_t kerndat_value(struct kerndat *kd, enum kd_row row)
{
	struct kd_answer a = kerndat_ask(kd, row);

	return a.has_value ? a.value : 0;
}

bool kerndat_was_cached(struct kerndat *kd, enum kd_row row)
{
	return atomic_load(&kd->slots[row].phase) == SLOT_READY && kd->slots[row].cached;
}

bool kerndat_was_masked(struct kerndat *kd, enum kd_row row)
{
	return kd->mask[row] != 0;
}
