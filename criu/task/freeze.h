/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Freeze a tree of tasks: every thread of every task stops, and nothing is born or dies until
 * the tree is let go.
 */
#pragma once

#include "compel/compel.h" /* enum victim_release */

struct dump;

/*
 * Seize the task d->opt->tree and all below it, to a fixed point, and fill d->root, d->tasks
 * and d->n_tasks. Refused: criu itself or an ancestor of it, kernel threads, a zombie root, tasks
 * that somebody else traces. Stops at interrupt_pending(). On failure nothing is held. A survey (d->survey) goes over the
 * tree once and holds nobody.
 */
int freeze_tree(struct dump *d);

/*
 * Let all go, or kill all. Children are released before their parents, so that a parent that
 * waits for them sees them as they were. Goes through with it; the first error is returned.
 */
int freeze_release(struct dump *d, enum victim_release how);
