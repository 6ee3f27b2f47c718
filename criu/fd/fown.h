/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is told by SIGIO (or F_SETSIG's signal) that a file is ready: the same for all kinds. */
#pragma once

#include <sys/types.h>

struct FownEntry;
struct dump;
struct fd_info;
struct restore;
struct rfile;

/* Read it from our own descriptor. Nothing for O_PATH. */
int fown_dump(struct dump *d, const struct fd_info *fi, struct FownEntry *fown);
/* Set it, and O_ASYNC of @flags, on @fd. All tasks exist. */
int fown_restore(struct restore *rs, const struct rfile *rf, int fd);

/*
 * The pid of a process or of its group or session, which we see as @pid, as the tree sees it. Known when all tasks have been looked
 * at. What is not of the tree keeps its number.
 */
pid_t vpid_of(const struct dump *d, pid_t pid);
