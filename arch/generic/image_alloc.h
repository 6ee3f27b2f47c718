/* SPDX-License-Identifier: LGPL-2.1-only */
/* Memory for the messages of an image: of the caller's allocator, or malloc(). */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdlib.h>
#include <string.h>

static inline void *get(ProtobufCAllocator *a, size_t n)
{
	return a ? a->alloc(a->allocator_data, n) : malloc(n);
}

static inline void *get_copy(ProtobufCAllocator *a, const void *from, size_t n)
{
	void *p = get(a, n);

	return p ? memcpy(p, from, n) : NULL;
}

/* A message with its initial values. */
#define new_message(a, INIT, Type)                       \
	({                                               \
		Type *m_ = get((a), sizeof(Type));       \
		if (m_)                                  \
			*m_ = (Type)INIT##__INIT;        \
		m_;                                      \
	})
