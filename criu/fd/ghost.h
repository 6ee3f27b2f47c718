/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ghosts: deleted files that are still in use. They are saved whole, and made again under a temporary
 * name which is taken away when all that need them have opened them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dump;
struct fd_info;
struct restore;
struct tmpname;

/* The number of the ghost for the inode of @fi; refuses one that is too large (--ghost-limit). */
int ghost_dump(struct dump *d, const struct fd_info *fi, uint32_t *ret_number);
int ghost_write(struct dump *d);

/*
 * The temporary name under which ghost @number, once called @name, will be found; reads and checks
 * the head of its image.
 */
int ghost_name(struct restore *rs, uint32_t number, const char *name, struct tmpname **ret_name);
/* Coordinator: make all ghosts. tmpnames_end() takes them away. */
int ghost_begin(struct restore *rs);
