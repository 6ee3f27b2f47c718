/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line, and behind it the configuration files: all into one struct options.
 *
 * Later wins: default files, $CRIU_CONFIG_FILE, --config, the command line.
 */
#pragma once

#include "criu/front/table.h"

/*
 * Parse all of it and find the command; whatever is wrong has been told. @argv is permuted.
 * After 0 either p->help or p->version is set, or p->o->command is. -EINVAL: somebody typed
 * something wrong; other errors as they come. Nothing in the world has been touched, but for
 * descriptors that --close named.
 */
int cmdline_parse(int argc, char **argv, struct opt_parse *p);

/* One option into p->o, from wherever p->where says. Logs what is wrong with it. */
int cmdline_take(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on);
