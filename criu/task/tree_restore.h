/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree to be restored, before anything is created: read, checked, planned. In the order of calls.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct restore;
struct rtask;

/*
 * Read inventory.img, pstree.img and each process's core, ids, mm and fs images into @rs, and check
 * all that can be checked without the host: see tree_check().
 */
int tree_read(struct restore *rs);
/* Every field of the core images that is used later: sizes, counts, ranges. (tree_check.c) */
int tree_check(struct restore *rs);
/*
 * Who forks whom: adds helpers for session and group leaders that are gone, moves tasks below them,
 * and decides what is forked before its parent's setsid(). Refuses what no order of forks can give.
 */
int tree_plan(struct restore *rs);
/* Is @pid free here? 0 or -EEXIST (logged). */
int tree_check_pid(pid_t pid);
/* Each pid and tid that will be needed, helpers' too, until one call fails. */
int tree_each_pid(const struct restore *rs, int (*call)(void *arg, pid_t pid, const struct rtask *rt), void *arg);
/* The pids that will be needed are free here, and below pid_max. */
int tree_check_pids(struct restore *rs);
