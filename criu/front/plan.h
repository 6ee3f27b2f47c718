/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between parsing and doing: is this a request that we can carry out? Asked before a directory is
 * opened or a task is touched.
 */
#pragma once

#include "criu/front/table.h"

/*
 * Options that contradict each other or miss a partner (-EINVAL), and commands, options and values
 * that this version does not have yet (-ENOTSUP): each has been told by its name. Options without
 * effect on the command are warned of.
 */
int plan_check(const struct opt_parse *p);
