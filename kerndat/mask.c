/* SPDX-License-Identifier: LGPL-2.1-only */
/* KERNDAT_MASK="row=no,row=cannot,choice/way=no": answers forced by tests. */
#include "kerndat/state.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/own.h"

static int mask_way(struct kerndat *kd, const char *choice, const char *way, const char *word)
{
	if (strcmp(word, "no"))
		return refuse_any(-EINVAL, "mask way %s/%s with '%s' (KERNDAT_MASK); a way can be 'no' only",
				  choice, way, word);

	for (int c = 0; c < WAY_CHOICES_END; c++) {
		const struct kd_choice_info *info = kerndat_choice(c);

		if (strcmp(info->name, choice))
			continue;
		for (int i = 0; i < KD_WAYS_MAX && info->ways[i].name; i++) {
			if (strcmp(info->ways[i].name, way))
				continue;
			kd->way_mask[info->ways[i].way] = 1;
			return 0;
		}
	}
	return refuse_any(-EINVAL, "mask %s/%s (KERNDAT_MASK), there is no such way; `criu check --ways` lists them",
			  choice, way);
}

static int mask_row(struct kerndat *kd, const char *name, const char *word)
{
	int row = kerndat_find(name);

	if (row < 0)
		return refuse_any(-EINVAL, "mask %s (KERNDAT_MASK), there is no such feature; `criu check --list` lists them",
				  name);
	if (!strcmp(word, "no"))
		kd->mask[row] = KD_NO;
	else if (!strcmp(word, "cannot"))
		kd->mask[row] = KD_CANNOT_TELL;
	else
		return refuse_any(-EINVAL, "mask %s with '%s' (KERNDAT_MASK); the words are 'no' and 'cannot'",
				  name, word);
	return 0;
}

int kd_mask_parse(struct kerndat *kd, const char *text)
{
	autofree char *copy = NULL;
	char *item, *rest, *word, *way;
	int r;

	if (!text || !*text)
		return 0;
	kd->use_file = false;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;

	for (item = strtok_r(copy, ", ", &rest); item; item = strtok_r(NULL, ", ", &rest)) {
		word = strchr(item, '=');
		if (!word)
			return refuse_any(-EINVAL, "read '%s' in KERNDAT_MASK; write NAME=no or NAME=cannot", item);
		*word++ = 0;

		way = strchr(item, '/');
		if (way) {
			*way++ = 0;
			r = mask_way(kd, item, way, word);
		} else {
			r = mask_row(kd, item, word);
		}
		if (r < 0)
			return r;
	}
	return 0;
}
