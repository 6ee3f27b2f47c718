/* SPDX-License-Identifier: GPL-2.0-only */
/* Cgroup directories: which there are, who owns them, how they are set up. */
#pragma once

struct dump;

/*
 * cgroup.img: the sets of the tree other than criu's own, and their directories with all below them, unless
 * --manage-cgroups=ignore. Nothing when all tasks are in criu's own.
 */
int cgroup_write(struct dump *d);
