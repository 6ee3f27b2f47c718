/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Configuration files: one option a line, its long name without dashes, blanks, its argument.
 *
 *	# a comment
 *	tcp-established
 *	log-file "/var/log/a name with blanks"	# quotes; \" is a quote inside them
 *	ghost-limit=10M
 */
#pragma once

#include "criu/front/table.h"

/*
 * All files that count, in their order, into p->o: /etc/criu/default.conf and
 * $HOME/.criu/default.conf (neither with p->no_default_config or p->config), $CRIU_CONFIG_FILE,
 * p->config. A file that does not exist is not missed.
 */
int config_read_all(struct opt_parse *p);

/* One file. The strings it gave live on. */
int config_read(struct opt_parse *p, const char *path);

struct config_line {
	char *name;	/* NULL: an empty line or a comment */
	char *value;	/* NULL: none */
	bool assigned;	/* name=value, not name value */
	bool stray;	/* one character behind the value was left out */
	bool cut;	/* a # inside quotes ended the value */
	bool words;	/* more than one word behind the name */
};

/* Cut @line, without its newline, in place. -EINVAL: an unterminated quote. */
int config_split(char *line, struct config_line *ret);
