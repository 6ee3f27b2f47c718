/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of cgroups: one directory of every hierarchy, in which a thread is. Set 1 is criu's own; a thread of
 * set 1 comes back where the restoring criu is. What is in the directories is criu/ns/cgroup.c.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct dump;
struct task;

struct cg_member {
	const char *name;	/* the hierarchy: "", "cpu,cpuacct", "name=systemd" */
	const char *path;	/* from the root of criu's cgroup namespace: "/jobs" */
};

struct cg_set {
	uint32_t id;
	const char *text;		/* of /proc/TID/cgroup */
	struct cg_member *members;	/* by name */
	size_t n_members;
	struct cg_set *next;
};

struct dump_cgroups {
	const char *own;	/* the text of our own */
	struct cg_set *sets;	/* the others, by id, from 2 on */
};

int cgroup_begin(struct dump *d);
/* Finds the set of each thread of @t. */
int cgroup_look(struct dump *d, struct task *t);
