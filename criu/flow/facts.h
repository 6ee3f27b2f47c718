/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a host is, as far as images ask: this one, asked when something is wanted, or another one, read
 * from what `criu check --facts` printed there. docs/facts.md tells the schema.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "kerndat/kerndat.h"

struct CpuinfoEntry;
struct arena;

struct host_facts {
	struct kerndat *kd; /* borrowed: this host; NULL: another one */
	const char *arch;   /* as uname(2) has it */
	const char *release;
	uint64_t page_size;
	pid_t pid_max;
	pid_t *pids; /* of another host: taken ones, threads' too, ascending */
	size_t n_pids;
	struct CpuinfoEntry *cpu; /* NULL: not known */
	struct kd_answer answers[KD_ROWS_END]; /* of another host */
};

/* This host; @kd stays the caller's. 0 or -errno (logged). */
int facts_here(struct kerndat *kd, struct arena *arena, struct host_facts *ret);
/* The file @path, which may hold anything: 0, or -errno (logged). */
int facts_read(const char *path, struct arena *arena, struct host_facts *ret);
/* The same from memory; on -EINVAL @ret_why tells what is wrong (in the arena, or static). */
int facts_parse(const char *text, size_t size, struct arena *arena, struct host_facts *ret, const char **ret_why);

struct kd_answer facts_ask(const struct host_facts *h, enum kd_row row);
bool facts_pid_is_taken(const struct host_facts *h, pid_t pid);

/* criu check --facts: asks for all rows and prints them. 0 or -errno (logged). */
int facts_print(FILE *out);
