/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that their name does not lead to: deleted ones (ghosts, saved whole), those whose
 * other hard links live (a temporary link, --link-remap), and files of dead processes in /proc.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct dump;
struct fd_info;
struct restore;
struct rfile;
struct rtask;

/* --- dump --- */

int remap_dump_begin(struct dump *d);
/*
 * The name to record for file @id, and a remap if the name is not enough; refuses what cannot be
 * found again. @ret_name is in the arena.
 */
int remap_name(struct dump *d, const struct fd_info *fi, uint32_t id, char **ret_name);
/* Make the links; write remap-fpath.img and the ghosts. */
int remap_write(struct dump *d);
/* Take the links away again. */
void remap_dump_undo(struct dump *d);

/* --- restore --- */

/* Read remap-fpath.img; gives rf->remap to those that have one. */
int remap_read(struct restore *rs);
/* Before anything is made: is there room for what remap_begin() makes for @rf? */
int remap_look(const struct rfile *rf);
/* Coordinator: make the temporary names; take them away. */
int remap_begin(struct restore *rs);
void remap_end(struct restore *rs, bool failed);
/* Open the REG entry @rf, which has a remap, with @flags. A descriptor or -errno (logged). */
int remap_open(struct restore *rs, struct rfile *rf, int flags);
/* Where to look at it without opening it; NULL: it can only be opened. */
const char *remap_path(const struct rfile *rf);
