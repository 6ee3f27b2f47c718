/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * An intrusive doubly linked list with a head of its own type.
 *
 *	struct task { ...; struct list siblings; };
 *	struct list children;			list_init(&children);
 *	list_add_tail(&t->siblings, &children);
 *	list_for_each(t, &children, siblings) ...
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(name) { &(name), &(name) }

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_add_tail(struct list *item, struct list *head)
{
	item->prev = head->prev;
	item->next = head;
	head->prev->next = item;
	head->prev = item;
}

static inline void list_add(struct list *item, struct list *head)
{
	list_add_tail(item, head->next);
}

static inline void list_del(struct list *item)
{
	item->prev->next = item->next;
	item->next->prev = item->prev;
	list_init(item);
}

#define list_entry(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

#define list_for_each(pos, head, member)                                       \
	for ((pos) = list_entry((head)->next, __typeof__(*(pos)), member);     \
	     &(pos)->member != (head);                                         \
	     (pos) = list_entry((pos)->member.next, __typeof__(*(pos)), member))

/* @pos may be removed or freed inside the loop. */
#define list_for_each_safe(pos, tmp, head, member)                             \
	for ((pos) = list_entry((head)->next, __typeof__(*(pos)), member),     \
	    (tmp) = list_entry((pos)->member.next, __typeof__(*(pos)), member); \
	     &(pos)->member != (head);                                         \
	     (pos) = (tmp), (tmp) = list_entry((tmp)->member.next, __typeof__(*(tmp)), member))
