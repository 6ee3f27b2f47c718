/* SPDX-License-Identifier: LGPL-2.1-only */
/* Choosing among the ways of ways.h. */
#include "kerndat/kerndat.h"

#include <stddef.h>

#include "base/log.h"
#include "kerndat/state.h"

static const struct kd_choice_info choices[] = {
#define WAY(id, name, ...) { BY_##id, name, { __VA_ARGS__ } },
#define CHOICE(id, name, what, ...) [WAY_##id] = { name, what, { __VA_ARGS__ } },
#include "kerndat/ways.h"
#undef CHOICE
#undef WAY
};

const struct kd_choice_info *kerndat_choice(enum kd_choice choice)
{
	return &choices[choice];
}

static bool is_open(struct kerndat *kd, const struct kd_way_info *w)
{
	if (kd->way_mask[w->way])
		return false;
	for (size_t i = 0; i < sizeof(w->needs) / sizeof(w->needs[0]) && w->needs[i]; i++)
		if (!kerndat_has(kd, w->needs[i]))
			return false;
	return true;
}

enum kd_way kerndat_way(struct kerndat *kd, enum kd_choice choice)
{
	const struct kd_choice_info *c = &choices[choice];
	const struct kd_way_info *found = NULL;

	for (int i = 0; i < KD_WAYS_MAX && c->ways[i].name && !found; i++)
		if (is_open(kd, &c->ways[i]))
			found = &c->ways[i];

	if (!atomic_exchange(&kd->way_said[choice], 1))
		pr_info("kerndat: %s: %s", c->what, found ? found->name : "no way is open here");
	return found ? found->way : BY_NONE;
}

bool kerndat_way_open(struct kerndat *kd, enum kd_choice choice, enum kd_way way)
{
	const struct kd_choice_info *c = &choices[choice];

	for (int i = 0; i < KD_WAYS_MAX && c->ways[i].name; i++)
		if (c->ways[i].way == way)
			return is_open(kd, &c->ways[i]);
	return false;
}
