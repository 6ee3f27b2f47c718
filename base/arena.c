/* SPDX-License-Identifier: LGPL-2.1-only */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK_SIZE (64 * 1024)
/* A mapping each, twice as large as the one before: every one of them costs each fork. */
#define SHARED_CHUNK_SIZE (1024 * 1024 - sizeof(struct chunk))
#define SHARED_CHUNK_MAX  (64 * 1024 * 1024 - sizeof(struct chunk))

struct chunk {
	struct chunk *next;
	size_t used, size;
	size_t mapped; /* 0: from the heap */
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct chunk *chunks; /* the first one has room */
	struct chunk *sealed; /* of a shared arena, full for good */
	bool shared;	      /* new chunks are */
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

struct arena *arena_new_shared(void)
{
	struct arena *a = arena_new();

	if (a)
		a->shared = true;
	return a;
}

void arena_seal(struct arena *a)
{
	if (!a->shared)
		return;
	a->sealed = a->chunks;
	a->chunks = NULL;
	a->shared = false;
}

static void free_chunks(struct chunk *c)
{
	struct chunk *next;

	for (; c; c = next) {
		next = c->next;
		if (c->mapped)
			munmap(c, c->mapped);
		else
			free(c);
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_chunks(a->chunks);
	free_chunks(a->sealed);
	free(a);
}

static struct chunk *chunk_map(size_t size)
{
	struct chunk *c = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (c == MAP_FAILED)
		return NULL;
	c->mapped = size;
	return c;
}

static size_t next_shared(const struct arena *a)
{
	const size_t last = a->chunks ? a->chunks->mapped : 0;

	if (!last)
		return SHARED_CHUNK_SIZE;
	return last >= SHARED_CHUNK_MAX / 2 ? SHARED_CHUNK_MAX : 2 * last - sizeof(struct chunk);
}

static struct chunk *chunk_new(const struct arena *a, size_t room)
{
	const size_t least = a->shared ? next_shared(a) : CHUNK_SIZE;
	size_t size = room > least ? room : least;
	struct chunk *c;

	if (size > SIZE_MAX - sizeof(*c))
		return NULL;
	c = a->shared ? chunk_map(sizeof(*c) + size) : calloc(1, sizeof(*c) + size);
	if (c)
		c->size = size;
	return c;
}

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t align = alignof(max_align_t);
	struct chunk *c = a->chunks;
	void *p;

	if (n > SIZE_MAX - align)
		return NULL;
	n = (n + align - 1) & ~(align - 1);

	if (!c || c->size - c->used < n) {
		c = chunk_new(a, n);
		if (!c)
			return NULL;
		/* A large one goes behind the first, whose rest stays usable. */
		if (a->chunks && n >= CHUNK_SIZE / 2) {
			c->next = a->chunks->next;
			a->chunks->next = c;
		} else {
			c->next = a->chunks;
			a->chunks = c;
		}
	}

	p = c->data + c->used;
	c->used += n;
	return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

void *arena_dup(struct arena *a, const void *src, size_t n)
{
	void *p = arena_alloc(a, n);

	if (p && n)
		memcpy(p, src, n);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_dup(a, s, strlen(s) + 1);
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return NULL;

	s = arena_alloc(a, (size_t)n + 1);
	if (!s)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}
