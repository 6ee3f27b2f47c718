/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The public face of kerndat. By names, for the numbers of rows change with every new one; what
 * is told in structs is copied, so that the rows can get new fields.
 */
#include "kerndat/include/libkerndat.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/own.h"
#include "kerndat/kerndat.h"

#define PUBLIC __attribute__((visibility("default")))

/* A handle is one of kerndat; the name is the public one. */
static struct kerndat *inner(struct libkerndat *kd)
{
	return (struct kerndat *)kd;
}

PUBLIC int libkerndat_open(unsigned int flags, struct libkerndat **ret_kd)
{
	struct kerndat *kd;
	int r;

	if (flags & ~(unsigned int)LIBKERNDAT_UNCACHED)
		return -EINVAL;
	log_set_fd(-1); /* the library's own log, which nobody reads */
	r = flags & LIBKERNDAT_UNCACHED ? kerndat_open_uncached(&kd) : kerndat_open(&kd);
	if (r < 0)
		return r;

	*ret_kd = (struct libkerndat *)kd;
	return 0;
}

PUBLIC void libkerndat_close(struct libkerndat *kd)
{
	kerndat_close(inner(kd));
}

PUBLIC int libkerndat_ask(struct libkerndat *kd, const char *name, struct libkerndat_answer *ret_answer)
{
	int row = kerndat_find(name);
	struct kd_answer a;

	if (row < 0)
		return row;
	a = kerndat_ask(inner(kd), row);
	*ret_answer = (struct libkerndat_answer){
		.state = a.state == KD_YES ? LIBKERNDAT_YES : a.state == KD_NO ? LIBKERNDAT_NO : LIBKERNDAT_CANNOT_TELL,
		.err = a.err,
		.has_value = a.has_value,
		.value = a.value,
		.cached = kerndat_was_cached(inner(kd), row),
	};
	_Static_assert(sizeof(a.why) == sizeof(ret_answer->why), "the reason fits");
	memcpy(ret_answer->why, a.why, sizeof(a.why));
	return 0;
}

PUBLIC bool libkerndat_has(struct libkerndat *kd, const char *name)
{
	struct libkerndat_answer a;

	return libkerndat_ask(kd, name, &a) == 0 && a.state == LIBKERNDAT_YES;
}

PUBLIC int libkerndat_warm(struct libkerndat *kd, const char *const *names, size_t count)
{
	autofree enum kd_row *rows = calloc(count ? count : 1, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		int row = kerndat_find(names[i]);

		if (row < 0)
			return row;
		rows[i] = row;
	}
	kerndat_warm(inner(kd), rows, count);
	return 0;
}

PUBLIC size_t libkerndat_count(void)
{
	return KD_ROWS_END - (KD_NO_ROW + 1);
}

static const char *text(const char *s)
{
	return s ? s : "";
}

PUBLIC int libkerndat_feature(size_t index, struct libkerndat_feature *ret_feature)
{
	const struct kd_feature *f;

	if (index >= libkerndat_count())
		return -ERANGE;
	f = kerndat_feature((enum kd_row)(KD_NO_ROW + 1 + index));
	*ret_feature = (struct libkerndat_feature){
		.name = f->name,
		.group = f->group,
		.what = text(f->what),
		.since = text(f->since),
		.commit = text(f->commit),
		.config = text(f->config),
		.lost = text(f->lost),
		.instead = text(f->instead),
		.helps = text(f->helps),
		.importance = (enum libkerndat_class)f->class,
		.scope = (enum libkerndat_scope)f->scope,
	};
	return 0;
}

_Static_assert((int)LIBKERNDAT_NEEDED == KD_NEEDED && (int)LIBKERNDAT_INFO == KD_INFO, "classes have the same numbers");
_Static_assert((int)LIBKERNDAT_BOOT == KD_BOOT && (int)LIBKERNDAT_LIVE == KD_LIVE, "scopes have the same numbers");

PUBLIC int libkerndat_find(const char *name, struct libkerndat_feature *ret_feature)
{
	int row = kerndat_find(name);

	return row < 0 ? row : libkerndat_feature((size_t)(row - KD_NO_ROW - 1), ret_feature);
}

PUBLIC int libkerndat_way(struct libkerndat *kd, const char *choice, const char **ret_way)
{
	for (int c = 0; c < WAY_CHOICES_END; c++) {
		const struct kd_choice_info *info = kerndat_choice(c);
		enum kd_way way;

		if (strcmp(info->name, choice))
			continue;
		way = kerndat_way(inner(kd), c);
		for (int i = 0; i < KD_WAYS_MAX && info->ways[i].name; i++)
			if (info->ways[i].way == way) {
				*ret_way = info->ways[i].name;
				return 0;
			}
		return -ENOTSUP;
	}
	return -ENOENT;
}

PUBLIC const char *libkerndat_state_name(enum libkerndat_state state)
{
	return kd_state_name(state == LIBKERNDAT_YES ? KD_YES : state == LIBKERNDAT_NO ? KD_NO : KD_CANNOT_TELL);
}
