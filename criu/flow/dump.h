/* SPDX-License-Identifier: GPL-2.0-only */
/* criu dump: a tree of tasks into a directory of images. */
#pragma once

struct options;

/*
 * The whole command. 0: the images are complete, the tasks are dead (or go on, as the options say).
 * 1: the images are complete, but a post-dump action script failed, so that the tasks go on (exit
 * status 255). -errno (logged): the tasks go on as if nothing had happened.
 */
int dump_run(const struct options *o);
