/* SPDX-License-Identifier: LGPL-2.1-only */
/* The cache file; its form and its rules stand in cache.c. */
#pragma once

#include <stddef.h>

#include "kerndat/state.h"

/* One answer of one world, as it stands in the file. */
struct kd_entry {
	struct kd_key key;
	uint64_t value;
	uint32_t row;
	int32_t err;
	uint8_t state;
	uint8_t has_value;
	char why[sizeof(((struct kd_answer *)0)->why)];
	uint8_t zero[6];
};

/*
 * Take from the file what holds for us now in @scope and the wider ones. Silent: a cache that
 * cannot be used is none.
 */
void kd_cache_fetch(struct kerndat *kd, enum kd_scope scope);

/* Put what was learned into the file, beside what others learned of other worlds. Silent too. */
void kd_cache_save(struct kerndat *kd);

/*
 * Check the bytes of a cache file and give a copy of its entries. -EINVAL for a file that is
 * not ours to use: damaged, of another build or version. Every field is checked: what comes
 * back can be used as it is.
 */
int kd_cache_parse(const void *data, size_t size, const struct kd_key *build,
		   struct kd_entry **ret_entries, size_t *ret_count);

/* The inverse; @ret_data is to be freed. */
int kd_cache_format(const struct kd_entry *entries, size_t count, const struct kd_key *build,
		    void **ret_data, size_t *ret_size);

/*
 * Read the file @name under the directory @dir if it is a plain file of ours that nobody else
 * can write; -errno otherwise. @ret_data is to be freed.
 */
int kd_cache_read(int dirfd, const char *path, void **ret_data, size_t *ret_size);

/* Replace @name in @dirfd by @data, all of it or not at all. */
int kd_cache_replace(int dirfd, const char *name, const void *data, size_t size);

/* --- key.c: what an answer depends on ------------------------------------------------------------ */

/* The program we are part of: its linker's build id. -ENOENT: it has none, nothing is cached. */
int kd_key_build(struct kd_key *ret_key);

/* The key of @scope here and now. -errno: it cannot be known (no /proc), nothing is cached. */
int kd_key_scope(enum kd_scope scope, struct kd_key *ret_key);

void kd_key_start(struct kd_key *key);
void kd_key_add(struct kd_key *key, const void *data, size_t size);
