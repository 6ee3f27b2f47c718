/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts about how to call us, made from the tables of criu/front/table.h. */
#pragma once

#include <stdio.h>

/* All commands and options, in 80 columns: criu --help. */
void usage_print(FILE *to);

/* "Try criu --help", on stderr. */
void usage_hint(void);

/* Commands only, on stderr, because of @word (NULL: no command was given). Returns -EINVAL. */
int usage_wrong(const char *word);
