/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

struct options;

/*
 * criu dump. Returns 0; 1 if the images are complete but a post-dump action script failed, so that
 * the tasks go on (exit status 255); or -errno, with the tasks going on as if nothing had happened.
 */
int dump_run(const struct options *o);
