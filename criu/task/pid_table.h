/* SPDX-License-Identifier: GPL-2.0-only */
/* Which task of the images has a pid, be it a process or a thread. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct arena;
struct rtask;

struct pid_slot {
	pid_t pid; /* 0: free */
	struct rtask *task;
};

struct pid_table {
	struct arena *arena;
	struct pid_slot *slots;
	size_t n, room; /* room is a power of two */
};

int pid_table_init(struct pid_table *t, struct arena *a);
/* -EEXIST when @pid is there already; -ENOMEM. */
int pid_table_add(struct pid_table *t, pid_t pid, struct rtask *task);
/* Whose process or thread it is; NULL. */
struct rtask *pid_table_find(const struct pid_table *t, pid_t pid);
/* The same, but only a process, no other thread. */
struct rtask *pid_table_process(const struct pid_table *t, pid_t pid);
