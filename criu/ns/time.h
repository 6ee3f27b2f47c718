/* SPDX-License-Identifier: GPL-2.0-only */
/* The clocks of a tree, and its time namespace. */
#pragma once

#include <stdbool.h>

struct dump;
struct restore;

/* Read the clocks as the tree sees them, while it stands still and its timers have been read. */
int time_look(struct dump *d);
/* timens-N.img: N is the number of the tree's own time namespace, or 0 when it lives in that of criu. */
int time_write(struct dump *d);

/* Read them; sets rs->clocks if they shall go on from there. Refuses a namespace that cannot be made here. */
int time_read(struct restore *rs);
/* Have the images clocks of a time namespace that was the tree's own? */
bool time_is_own(const struct restore *rs);
/* In the root task, before it has children: move to a time namespace in which the clocks go on. */
int time_enter(struct restore *rs);
