/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree of processes from its images: inventory, pstree, and core, ids, mm and fs of each
 * process. Here ids and shapes are checked; what the fields mean, in tree_check.c.
 */
#include "criu/task/tree_restore.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/task/pid_table.h"
#include "criu/task/restore.h"
#include "proto/core.pb-c.h"
#include "proto/fs.pb-c.h"
#include "proto/inventory.pb-c.h"
#include "proto/mm.pb-c.h"
#include "proto/pstree.pb-c.h"

/* The kernel's own limit, PID_MAX_LIMIT on 64-bit machines. */
#define PID_LIMIT (4 * 1024 * 1024)

static int check_inventory(struct restore *rs)
{
	const struct InventoryEntry *inv = rs->inventory;

	if (inv->img_version != 1 && inv->img_version != 2)
		return refuse_path("inventory.img", -EINVAL, "restore images of version %u; versions 1 and 2 are known%s",
				   inv->img_version, inv->img_version ? "" : ", 0 is a pre-dump");
	if (!inv->has_fdinfo_per_id || !inv->fdinfo_per_id)
		return refuse_path("inventory.img", -EINVAL, "restore images without fdinfo_per_id");
	if (!inv->root_ids)
		return refuse_path("inventory.img", -EINVAL, "restore without the ids of the dumping process (root_ids)");
	if (inv->has_root_cg_set && !inv->root_cg_set)
		return refuse_path("inventory.img", -EINVAL, "restore with cgroup set 0: the image is damaged");
	if (inv->plugins_entry && inv->plugins_entry->n_plugins)
		return refuse_path("inventory.img", -ENOTSUP, "restore what plugin %s saved: plugins are not supported yet",
				   inv->plugins_entry->plugins[0]);
	if (inv->has_tcp_close && inv->tcp_close && !rs->opt->tcp_close)
		return refuse_path("inventory.img", -EINVAL,
				   "restore connections dumped with --tcp-close; pass --tcp-close");
	if (inv->has_allow_uprobes && inv->allow_uprobes && !rs->opt->allow_uprobes)
		return refuse_path("inventory.img", -EINVAL,
				   "restore tasks dumped with --allow-uprobes; pass --allow-uprobes");
	return 0;
}

static int read_inventory(struct restore *rs)
{
	int r = image_read_one(rs->images, IMG_INVENTORY, 0, &inventory_entry__descriptor, &rs->inventory);

	if (r < 0)
		return r;
	r = check_inventory(rs);
	if (r < 0)
		return r;
	image_dir_set_version(rs->images, rs->inventory->img_version);
	return 0;
}

static int check_pid(uint32_t pid, const char *what, uint32_t of)
{
	if (!pid || pid >= PID_LIMIT)
		return refuse_path("pstree.img", -EINVAL, "use %u as %s of pid %u: the image is damaged", pid, what, of);
	return 0;
}

static int check_pstree_entry(const struct PstreeEntry *e)
{
	int r = check_pid(e->pid, "a process", e->pid);

	if (!r && e->ppid)
		r = check_pid(e->ppid, "parent", e->pid);
	if (!r)
		r = check_pid(e->pgid, "process group", e->pid);
	if (!r)
		r = check_pid(e->sid, "session", e->pid);
	return r;
}

/* Put @rt below its parent, which the image must have told before. */
static int link_to_parent(struct restore *rs, struct pid_table *pids, struct rtask *rt, pid_t ppid)
{
	list_init(&rt->children);
	list_init(&rt->siblings);
	if (!ppid) {
		if (rs->root)
			return refuse_path("pstree.img", -EINVAL, "use two root processes, %d and %d", rs->root->pid, rt->pid);
		rs->root = rt;
		return 0;
	}

	rt->parent = pid_table_process(pids, ppid);
	if (!rt->parent)
		return refuse_path("pstree.img", -EINVAL, "find the parent %d of pid %d before it", ppid, rt->pid);
	list_add_tail(&rt->siblings, &rt->parent->children);
	return 0;
}

static int read_threads(struct restore *rs, struct pid_table *pids, struct rtask *rt, const struct PstreeEntry *e)
{
	size_t i, n = 1;
	int r;

	rt->threads = arena_array(rs->arena, e->n_threads + 1, sizeof(*rt->threads));
	if (!rt->threads)
		return err_any(-ENOMEM, "keep the threads of pid %d", rt->pid);
	rt->threads[0].tid = rt->pid;
	rt->n_threads = 1;
	if (rt->state == TASK_DEAD)
		return 0;

	if (!e->n_threads)
		return refuse_path("pstree.img", -EINVAL, "restore pid %d without threads", rt->pid);
	for (i = 0; i < e->n_threads; i++) {
		pid_t tid = (pid_t)e->threads[i];

		if (tid == rt->pid)
			continue;
		r = check_pid(e->threads[i], "thread", e->pid);
		if (r < 0)
			return r;
		if (n == e->n_threads)
			return refuse_path("pstree.img", -EINVAL, "find pid %d among its own threads", rt->pid);
		r = pid_table_add(pids, tid, rt);
		if (r < 0)
			return refuse_path("pstree.img", r, "use pid %d twice", tid);
		rt->threads[n++].tid = tid;
	}
	rt->n_threads = n;
	return 0;
}

static int read_core(struct restore *rs, pid_t tid, struct CoreEntry **ret_core)
{
	return image_read_one(rs->images, IMG_CORE, (uint64_t)tid, &core_entry__descriptor, ret_core);
}

/* The ids of a process stand in an image of their own, or (old images) in the core. */
static int read_ids(struct restore *rs, struct rtask *rt)
{
	autoimage struct image *img = NULL;
	int r = image_open(rs->images, IMG_IDS, (uint64_t)rt->pid, &img);

	if (r < 0)
		return r;
	if (image_exists(img)) {
		r = image_read(img, &task_kobj_ids_entry__descriptor, &rt->ids);
		if (r < 0)
			return r;
	} else {
		rt->ids = rt->core->ids;
	}
	if (!rt->ids)
		return refuse_task(rt->pid, -ENODATA, "restore it without its ids (%s)", image_name(img));
	return 0;
}

static int read_task(struct restore *rs, struct pid_table *pids, struct rtask *rt, const struct PstreeEntry *e)
{
	size_t i;
	int r = read_core(rs, rt->pid, &rt->core);

	if (r < 0)
		return r;
	if (!rt->core->tc)
		return refuse_task(rt->pid, -EINVAL, "restore it: its core image has no task part");
	rt->state = rt->core->tc->task_state;
	if (rt->state != TASK_ALIVE && rt->state != TASK_DEAD && rt->state != TASK_STOPPED)
		return refuse_task(rt->pid, -EINVAL, "restore it in the unknown state %u", rt->core->tc->task_state);

	r = read_threads(rs, pids, rt, e);
	if (r < 0)
		return r;
	rt->threads[0].core = rt->core;
	if (rt->state == TASK_DEAD)
		return 0;

	for (i = 1; i < rt->n_threads; i++) {
		r = read_core(rs, rt->threads[i].tid, &rt->threads[i].core);
		if (r < 0)
			return r;
	}
	r = read_ids(rs, rt);
	if (!r)
		r = image_read_one(rs->images, IMG_MM, (uint64_t)rt->pid, &mm_entry__descriptor, &rt->mm);
	if (!r)
		r = image_read_one(rs->images, IMG_FS, (uint64_t)rt->pid, &fs_entry__descriptor, &rt->fs);
	return r;
}

static int check_all_pids(struct PstreeEntry **entries, size_t n)
{
	size_t i;
	int r;

	for (i = 0; i < n; i++) {
		r = check_pstree_entry(entries[i]);
		if (r < 0)
			return r;
	}
	return n ? 0 : refuse_path("pstree.img", -ENODATA, "restore no process at all");
}

static int read_tree(struct restore *rs)
{
	struct PstreeEntry **entries;
	struct pid_table pids;
	size_t n, i;
	int r;

	r = image_read_all(rs->images, IMG_PSTREE, 0, &pstree_entry__descriptor, &entries, &n);
	if (r < 0)
		return r;
	r = check_all_pids(entries, n);
	if (r < 0)
		return r;
	r = pid_table_init(&pids, rs->arena);
	rs->tasks = arena_array(rs->arena, n, sizeof(*rs->tasks));
	if (r < 0 || !rs->tasks)
		return err_any(-ENOMEM, "keep %zu processes", n);

	for (i = 0; i < n; i++) {
		const struct PstreeEntry *e = entries[i];
		struct rtask *rt = arena_obj(rs->arena, struct rtask);

		if (!rt)
			return err_any(-ENOMEM, "keep %zu processes", n);
		rt->pid = (pid_t)e->pid;
		rt->pgid = (pid_t)e->pgid;
		rt->sid = (pid_t)e->sid;
		rt->index = i;
		rs->tasks[i] = rt;
		r = link_to_parent(rs, &pids, rt, (pid_t)e->ppid);
		if (r < 0)
			return r;
		r = pid_table_add(&pids, rt->pid, rt);
		if (r < 0)
			return refuse_path("pstree.img", r, "use pid %d twice", rt->pid);
		r = read_task(rs, &pids, rt, e);
		if (r < 0)
			return r;
	}
	rs->n_tasks = n;
	if (!rs->root)
		return refuse_path("pstree.img", -EINVAL, "find a root process");
	return 0;
}

int tree_read(struct restore *rs)
{
	int r = read_inventory(rs);

	if (!r)
		r = read_tree(rs);
	return r;
}
