/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The smallest of test libraries: a test is a function, a failed check prints itself and fails the
 * test it is in, the line of a test comes when it is over.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "criu/front/table.h"

struct test {
	const char *name;
	void (*run)(void);
};

#define TEST(f) { #f, f }

/* Fail the running test, saying where. */
void test_fail(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void test_skip(const char *why);

#define ok(cond) ((cond) ? (void)0 : test_fail(__FILE__, __LINE__, "%s", #cond))
#define ok_int(got, want)                                                                      \
	do {                                                                                   \
		long long got_ = (got), want_ = (want);                                        \
		if (got_ != want_)                                                             \
			test_fail(__FILE__, __LINE__, "%s: got %lld, want %lld", #got, got_, want_); \
	} while (0)
#define ok_str(got, want) test_str(__FILE__, __LINE__, #got, got, want)
void test_str(const char *file, int line, const char *what, const char *got, const char *want);

/* The program under test, and a folder of our own that is empty for each test. */
const char *test_criu(void);
const char *test_dir(void);

/* Write @text to test_dir()/@name; returns the path, which lives until the test ends. */
const char *test_file(const char *name, const char *text);
char *test_read(const char *path);

/* Parse these words as a command line with fresh options; errors go to a file: test_errors(). */
int parse(struct options *o, struct opt_parse *p, const char *words);
const char *test_errors(void);

/* Run the program with these words; its exit status, 128 + signal, and what it said. */
int run(const char *words);

extern const struct test values_tests[], config_tests[], cmdline_tests[], flow_tests[], binary_tests[];
