/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Many questions at once. Rows of one lab can be asked one after another in one child, in the
 * order of the table, without one's traces misleading the next: what moves the child into other
 * namespaces comes behind what wants our own. A child costs more than ten of the questions asked in
 * it, so there are two at most; they run beside us. One that dies takes only the rest of its lab
 * with it: those rows are asked each on its own, later.
 */
#include "kerndat/kerndat.h"

#include <unistd.h>

#include "kerndat/cache.h"
#include "kerndat/child.h"
#include "kerndat/state.h"

struct lab {
	struct kerndat *kd;
	enum kd_row rows[KD_ROWS_END];
	size_t count;
	struct kd_child child;
	bool runs;
};

struct result {
	uint32_t row;
	struct kd_answer answer;
};

static void answer_all(void *p, int out)
{
	struct lab *lab = p;

	lab->kd->in_lab = true; /* the child's own copy */
	lab->kd->use_file = false;
	for (size_t i = 0; i < lab->count; i++) {
		struct result res = { .row = lab->rows[i] };

		res.answer = kerndat_ask(lab->kd, lab->rows[i]);
		if (write(out, &res, sizeof(res)) != sizeof(res))
			return;
	}
}

static void gather(struct kerndat *kd, struct lab *lab)
{
	for (size_t i = 0; i < lab->count; i++) {
		struct result res;

		if (kd_child_read(&lab->child, &res, sizeof(res)) < 0 || res.row != (uint32_t)lab->rows[i] ||
		    !kd_answer_is_sane(&res.answer))
			break;
		kd_learn(kd, lab->rows[i], &res.answer);
	}
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

	for (size_t i = 0; i < count; i++) {
		struct lab *lab = &labs[kerndat_feature(rows[i])->lab];

		if (lab != &labs[KD_NO_LAB] && lab->count < KD_ROWS_END && !is_known(kd, rows[i]))
			lab->rows[lab->count++] = rows[i];
	}
	for (int l = KD_NO_LAB + 1; l < KD_LABS_END; l++) {
		labs[l].kd = kd;
		labs[l].runs = labs[l].count && kd_child_start(&labs[l].child, answer_all, &labs[l]) == 0;
	}
	/* What needs no child is asked while they run. */
	for (size_t i = 0; i < count; i++)
		if (kerndat_feature(rows[i])->lab == KD_NO_LAB)
			(void)kerndat_ask(kd, rows[i]);
	for (int l = KD_NO_LAB + 1; l < KD_LABS_END; l++)
		if (labs[l].runs)
			gather(kd, &labs[l]);
	for (int l = KD_NO_LAB + 1; l < KD_LABS_END; l++)
		if (labs[l].runs)
			(void)kd_child_end(&labs[l].child);
}
