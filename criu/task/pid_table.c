/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/task/pid_table.h"

#include <errno.h>
#include <stdint.h>

#include "base/arena.h"
#include "criu/task/restore.h"

static struct pid_slot *find_slot(const struct pid_table *t, pid_t pid)
{
	size_t i = ((uint32_t)pid * 2654435761u) & (t->room - 1);

	while (t->slots[i].pid && t->slots[i].pid != pid)
		i = (i + 1) & (t->room - 1);
	return &t->slots[i];
}

int pid_table_init(struct pid_table *t, struct arena *a)
{
	t->arena = a;
	t->n = 0;
	t->room = 64;
	t->slots = arena_array(a, t->room, sizeof(*t->slots));
	return t->slots ? 0 : -ENOMEM;
}

static int grow(struct pid_table *t)
{
	struct pid_slot *old = t->slots;
	size_t i, n = t->room;

	t->slots = arena_array(t->arena, n * 2, sizeof(*t->slots));
	if (!t->slots) {
		t->slots = old;
		return -ENOMEM;
	}
	t->room = n * 2;
	for (i = 0; i < n; i++)
		if (old[i].pid)
			*find_slot(t, old[i].pid) = old[i];
	return 0;
}

int pid_table_add(struct pid_table *t, pid_t pid, struct rtask *task)
{
	struct pid_slot *slot;

	if (t->n * 2 >= t->room && grow(t) < 0)
		return -ENOMEM;
	slot = find_slot(t, pid);
	if (slot->pid)
		return -EEXIST;
	slot->pid = pid;
	slot->task = task;
	t->n++;
	return 0;
}

struct rtask *pid_table_find(const struct pid_table *t, pid_t pid)
{
	return find_slot(t, pid)->task;
}

struct rtask *pid_table_process(const struct pid_table *t, pid_t pid)
{
	struct rtask *task = pid_table_find(t, pid);

	return task && task->pid == pid ? task : NULL;
}
