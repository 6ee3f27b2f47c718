/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Many questions at once. Rows of one lab can be asked one after another in one child, in the
 * order of the table, without one's traces misleading the next: what moves the child into other
 * namespaces comes behind what wants our own. A child costs more than ten of the questions asked in
 * it, so there are two at most; they run beside us. One that dies takes only the rest of its lab
 * with it: those rows are asked each on its own, later.
 *
 * A lab ends slowly: what it leaves (a net namespace with a device, mounts) the kernel takes down behind grace periods of
 * RCU, far longer than all the questions took. Nobody waits for that before the handle is closed.
 */
#include "kerndat/kerndat.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kerndat/cache.h"
#include "kerndat/child.h"
#include "kerndat/kernel_new.h"
#include "kerndat/state.h"

struct lab {
	struct kerndat *kd;
	enum kd_row rows[KD_ROWS_END];
	size_t count;
	struct kd_child child;
	struct results *results; /* shared with the child */
};

/* Written by the child, read when it has ended: nobody is woken for every answer. */
struct results {
	_Atomic size_t count;
	struct kd_answer answers[KD_ROWS_END]; /* in the order of lab.rows */
};

/*
 * It may outlive us: nobody shall wait for the end of a pipe because of it. Not the standard descriptors yet, which rows may
 * look at; and not behind a filter, which may kill for such a call.
 */
static void let_go(struct kerndat *kd, int out)
{
	if (kd_filtered(kd))
		return;
	(void)syscall(SYS_close_range, 3, out - 1, 0);
	(void)syscall(SYS_close_range, out + 1, ~0u, 0);
}

static void answer_all(void *p, int out)
{
	struct lab *lab = p;

	lab->kd->in_lab = true; /* the child's own copy */
	lab->kd->use_file = false;
	let_go(lab->kd, out);
	for (size_t i = 0; i < lab->count; i++) {
		lab->results->answers[i] = kerndat_ask(lab->kd, lab->rows[i]);
		atomic_store(&lab->results->count, i + 1);
	}
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	(void)!write(out, "", 1); /* a parent that is gone needs no word */
}

static bool lab_start(struct lab *lab)
{
	lab->results = mmap(NULL, sizeof(*lab->results), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (lab->results == MAP_FAILED)
		return false;
	if (kd_child_start(&lab->child, answer_all, lab) == 0)
		return true;
	munmap(lab->results, sizeof(*lab->results));
	return false;
}

/* Done, dead, or not done in time: what it has answered is good, the rest is asked one by one. */
static void lab_end(struct lab *lab, _Atomic pid_t *ret_ending)
{
	size_t count;
	char done;

	if (kd_child_read(&lab->child, &done, 1) == 0)
		kd_child_reap(atomic_exchange(ret_ending, kd_child_leave(&lab->child)));
	else
		(void)kd_child_end(&lab->child);
	count = atomic_load(&lab->results->count);
	for (size_t i = 0; i < lab->count && i < count; i++) {
		if (!kd_answer_is_sane(&lab->results->answers[i]))
			break;
		kd_learn(lab->kd, lab->rows[i], &lab->results->answers[i]);
	}
	munmap(lab->results, sizeof(*lab->results));
}

static bool is_known(struct kerndat *kd, enum kd_row row)
{
	const struct kd_feature *f = kerndat_feature(row);

	if (kd->mask[row] || atomic_load(&kd->slots[row].phase) == SLOT_READY)
		return true;
	if (!kd->use_file || f->scope == KD_LIVE)
		return false;
	kd_cache_fetch(kd, f->scope);
	return atomic_load(&kd->slots[row].phase) == SLOT_READY;
}

void kerndat_warm(struct kerndat *kd, const enum kd_row *rows, size_t count)
{
	struct lab labs[KD_LABS_END] = { 0 };
	bool runs[KD_LABS_END] = { false };

	for (size_t i = 0; i < count; i++) {
		struct lab *lab = &labs[kerndat_feature(rows[i])->lab];

		if (lab != &labs[KD_NO_LAB] && lab->count < KD_ROWS_END && !is_known(kd, rows[i]))
			lab->rows[lab->count++] = rows[i];
	}
	for (int l = KD_NO_LAB + 1; l < KD_LABS_END; l++) {
		labs[l].kd = kd;
		runs[l] = labs[l].count && lab_start(&labs[l]);
	}
	/* What needs no child is asked while they run. */
	for (size_t i = 0; i < count; i++)
		if (kerndat_feature(rows[i])->lab == KD_NO_LAB)
			(void)kerndat_ask(kd, rows[i]);
	for (int l = KD_NO_LAB + 1; l < KD_LABS_END; l++)
		if (runs[l])
			lab_end(&labs[l], &kd->ending[l]);
}

void kd_labs_reap(struct kerndat *kd)
{
	for (int l = KD_NO_LAB + 1; l < KD_LABS_END; l++)
		kd_child_reap(atomic_exchange(&kd->ending[l], 0));
}
