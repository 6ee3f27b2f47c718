/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * An arena: many small allocations with one end. What a run reads from images or prepares for
 * them lives in the arena of that run; nothing in it is freed alone.
 *
 * Memory comes zeroed. A failed allocation returns NULL.
 */
#pragma once

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);

/*
 * An arena whose memory forked processes share, so that a fork costs nothing for it. What is in it must not be
 * changed after the first fork; arena_seal() before that makes later allocations private as usual.
 */
struct arena *arena_new_shared(void);
void arena_seal(struct arena *a);

/* @n zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);
/* @n elements of @size zeroed bytes; NULL too when the product does not fit in a size_t. */
void *arena_array(struct arena *a, size_t n, size_t size);
void *arena_dup(struct arena *a, const void *src, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* One zeroed object: struct x *p = arena_obj(a, struct x); */
#define arena_obj(a, type) ((type *)arena_alloc(a, sizeof(type)))
