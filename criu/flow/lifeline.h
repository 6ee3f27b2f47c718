/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lifeline: when criu is killed in the middle of a restore, the half-made tasks die with it. From STAGE_READY on
 * they are traced with PTRACE_O_EXITKILL; before, they hang on a pipe whose other end is the coordinator's alone: when
 * that closes, the kernel sends each of them SIGKILL. A parent death signal would not do: in the plan of a tree some
 * parents die early, and their children have to live on.
 */
#pragma once

struct restore;
struct rtask;

/* In the coordinator, before the first fork. */
int lifeline_begin(struct restore *rs);
/* In a new task, first of all. Does not return when the coordinator is dead already. */
int lifeline_hold(struct restore *rs, const struct rtask *rt);
/* In the coordinator, when all tasks have closed theirs, or are dead. */
void lifeline_end(struct restore *rs);
