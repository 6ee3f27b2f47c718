/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Temporary names of a restore, for files whose own name is gone. Open descriptors show
 * "NAME (deleted)" in /proc although they were opened by the temporary name: at the end it is renamed to
 * NAME, and the open file's dentry with it, and then removed. Where NAME is taken by another file meanwhile, that one is
 * left alone: there is no order of renames in which NAME leads to it all the time. Then /proc shows the temporary name, and
 * the next dump takes it for NAME: tmpname_cut().
 */
#pragma once

#include <stdbool.h>

#include "base/list.h"

struct restore;

struct tmpname {
	struct list same; /* the owner's: other names of one inode */
	const char *name; /* what it was called */
	const char *tmp;
	bool made, is_dir;
};

/* NULL without memory, also when @tmp is. */
struct tmpname *tmpname_new(struct restore *rs, const char *name, const char *tmp);
/*
 * Make the directories that @tn needs and that are gone; they are taken away at the end.
 */
int tmpname_make_parents(struct restore *rs, const struct tmpname *tn);
/* Nothing stands where @tn will be, and we may write to the directory that it needs, or make that. */
int tmpname_look(const struct tmpname *tn);
/* Logs that something stands there; -EEXIST. */
int tmpname_err_taken(const struct tmpname *tn);
/* Cut off what a restore has added to the end of the deleted file's name @name. */
void tmpname_cut(char *name);
/* Take all away; the lowest first. */
void tmpnames_end(struct restore *rs, bool failed);
