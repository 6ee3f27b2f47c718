/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * criu check --tree PID: can this tree be dumped now?
 *
 * Goes the way of a dump as far as it can be gone without stopping a task: the same code looks and refuses, by /proc and kcmp(2)
 * alone, and every refusal is told and not only the first. With the options of the dump to come (--file-locks,
 * --shell-job, ...), what they allow is no blocker. What only a dump sees, in frozen tasks, is listed by name.
 *
 *	check --tree PID		a list for people
 *	check --tree PID --json		see check_tree_json.c
 */
#pragma once

struct options;

/* The exit status. */
enum {
	CHECK_TREE_READY = 0,	/* no blocker */
	CHECK_TREE_BLOCKED = 1,
	CHECK_TREE_FAILED = 2,	/* nobody knows: no such process, no memory; also for options that make no sense */
};

/* o->tree is the pid, o->check_json how to tell. */
int check_tree_run(const struct options *o);
