/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Namespaces by number: the images call a namespace by a small number of ours instead of its
 * inode. The dumper's own come first, in the order of enum ns_kind; others follow from there.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct dump;
struct task;
struct TaskKobjIdsEntry;

/* In the order in which the dumper's own get their numbers. */
enum ns_kind {
	NS_PID,
	NS_NET,
	NS_IPC,
	NS_UTS,
	NS_TIME,
	NS_MNT,
	NS_USER,
	NS_CGROUP,
	NS_NR,
};

/* Number our own namespaces; makes d->ids. */
int ids_begin(struct dump *d);

/* The number of the namespace @ino of kind @k; a new one is given if it has none. */
int ids_ns(struct dump *d, enum ns_kind k, ino_t ino, uint32_t *ret_id);
/* Our own of kind @k; 0 where the kernel has none of that kind. */
uint32_t ids_own_ns(const struct dump *d, enum ns_kind k);

/* Fill t->ns[] and t->kobj_id; refuse what differs from ours, or from the parent's where it must not. */
int ids_look(struct dump *d, struct task *t);

/* The message of @t, or of ourselves for NULL. @ret points at an initialised message. */
void ids_to_image(const struct dump *d, const struct task *t, struct TaskKobjIdsEntry *ret);

/* ids-PID.img; files_id is known by then. */
int ids_write(struct dump *d, const struct task *t);
