/* SPDX-License-Identifier: GPL-2.0-only */
/* A task's memory, as the flows see it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct dump;
struct restore;
struct restorer_args;
struct rtask;
struct task;
struct parasite_task; /* criu/inside/parasite.h: what the task itself told */

/* --- dump ---------------------------------------------------------------------------------- */

/*
 * Read the mappings of @t from /proc (smaps, map_files), classify them, get file ids for the mapped
 * files, and refuse what cannot be saved. Makes t->mem. Nothing is written.
 */
int mem_collect(struct dump *d, struct task *t);

/* pagemap-PID.img and pages-N.img: what is populated and is neither zero nor a clean file page. */
int mem_dump_pages(struct dump *d, struct task *t);

/* mm-PID.img: layout, auxv, mappings. @inside has brk, dumpable, THP, aio rings. */
int mem_dump_mm(struct dump *d, struct task *t, const struct parasite_task *inside);

/* --- restore ------------------------------------------------------------------------------- */

/* Check rt->mm and the pagemap of @rt against each other and this host; makes rt->mem. */
int mem_restore_read(struct restore *rs, struct rtask *rt);

/* After the tree was planned: which pages of small tasks are those of who forks them. */
int mem_restore_compare(struct restore *rs);

/*
 * In the task, before it forks its children: map everything, at its final address where nothing
 * of ours is in the way, else parked; fill in the pages. A mapping that came from the parent by fork
 * and is the same one in the images is kept (copy-on-write), and only pages that differ are written.
 */
int mem_restore_place(struct restore *rs, struct rtask *rt);

/* Bytes that mem_restore_args() takes from restorer_alloc(), at most. */
size_t mem_restore_args_size(const struct restore *rs, const struct rtask *rt);

/*
 * Add to the restorer's arguments what is left to do: moves, protections, madvise, locks, guards, vdso, aio, mm fields.
 * Everything in the task that is neither its own nor in [args->base, args->base + args->size) will be unmapped. Sets args->mem.
 */
int mem_restore_args(struct restore *rs, struct rtask *rt, struct restorer_args *args);

/*
 * Find @size bytes that are free in the task now and in its final layout: the restorer lives
 * there. Call it after mem_restore_place(), and map it with MAP_FIXED_NOREPLACE.
 */
int mem_restore_find_hole(struct restore *rs, struct rtask *rt, size_t size, uint64_t *ret_addr);
