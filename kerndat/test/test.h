/* SPDX-License-Identifier: LGPL-2.1-only */
/* Tests of kerndat: each runs in a child of its own, and may change what it likes there. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

struct test {
	const char *name;
	void (*fn)(void);
};

extern const struct test table_tests[], cache_tests[], ask_tests[], warm_tests[]; /* a NULL name ends */

/* Prints the microseconds of a warm start, the median of 100. */
void warm_time(void);

/* The worlds of world_test.c: their names (NULL ends), the test of one, and a program run in one. */
const char *world_name(int i);
void world_test(const char *name);
int world_exec(const char *name, char **argv);

#define ok(cond, ...)                                                                   \
	do {                                                                            \
		if (!(cond)) {                                                          \
			fprintf(stderr, "%s:%d: not so: %s:", __FILE__, __LINE__, #cond); \
			fprintf(stderr, " " __VA_ARGS__);                               \
			fputc('\n', stderr);                                            \
			exit(1);                                                        \
		}                                                                       \
	} while (0)

#define skip(...)                              \
	do {                                   \
		printf("(" __VA_ARGS__);       \
		printf(") ");                  \
		fflush(stdout);                \
		exit(77);                      \
	} while (0)

/* A tmpfs over @dir in a mount namespace of our own; skips where that is not allowed. */
void private_tmpfs(const char *dir);
