/* SPDX-License-Identifier: GPL-2.0-only */
/* What is looked at from outside before anything of a tree is written: by a dump, and by `criu check --tree`. */
#pragma once

struct dump;
struct task;

/* Make ready for looking: what is asked of ourselves. d->opt, kd and arena are there. */
int tree_look_begin(struct dump *d);

/* One step for every task; a request to stop is heeded before each. */
int tree_each_task(struct dump *d, int (*step)(struct dump *d, struct task *t));

/* All tasks, then what only the whole tree tells. Everything that can refuse from outside refuses here. */
int tree_look(struct dump *d);
