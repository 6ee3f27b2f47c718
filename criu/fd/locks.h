/* SPDX-License-Identifier: GPL-2.0-only */
/* File locks: collected with the descriptors that show them, set when all descriptors are in place. Private to criu/fd. */
#pragma once

#include <stdbool.h>

struct dfile;
struct dtable;
struct dump;
struct fd_info;
struct restore;
struct rtask;

/*
 * Note the locks that the fdinfo of descriptor @fi->number of @tb shows; @f is its description, and @is_new says that
 * nobody has seen that before. Refuses what cannot be saved.
 */
int locks_collect(struct dump *d, const struct dtable *tb, const struct fd_info *fi, const struct dfile *f, bool is_new);
/* filelocks.img */
int locks_write(struct dump *d);

/* Read and check filelocks.img: after the tables of all tasks. */
int locks_read(struct restore *rs);
/* In the task, all descriptors in place: the locks that belong to descriptions. */
int locks_restore(struct restore *rs, const struct rtask *rt);
