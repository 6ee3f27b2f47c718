/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/dump.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "arch/arch.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "criu/fd/fd.h"
#include "criu/flow/cpuinfo.h"
#include "criu/flow/script.h"
#include "criu/flow/stats.h"
#include "criu/flow/tree_look.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/image/progress.h"
#include "criu/mem/mem.h"
#include "criu/ns/cgroup.h"
#include "criu/ns/time.h"
#include "criu/task/cgroup.h"
#include "criu/task/dump.h"
#include "criu/task/freeze.h"
#include "criu/task/look.h"
#include "kerndat/kerndat.h"
#include "proto/core.pb-c.h"
#include "proto/inventory.pb-c.h"

/* --- before anything is touched ---------------------------------------------------------------- */

static int prepare(struct dump *d)
{
	const struct options *o = d->opt;
	char path[32];
	int r;

	d->arena = arena_new();
	if (!d->arena)
		return -ENOMEM;
	r = kerndat_open(&d->kd);
	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", o->images_fd);
	r = image_dir_open(o->images_fd < 0 ? o->images_dir : path, d->arena, &d->images);
	if (r < 0)
		return r;

	/* Buffers of a few KiB come and go for every task: keep them instead of asking the kernel again. */
	(void)mallopt(M_TRIM_THRESHOLD, 64 << 20);
	(void)mallopt(M_TOP_PAD, 1 << 20);
	return tree_look_begin(d);
}

/* --- the tree stands still --------------------------------------------------------------------- */

static int freeze(struct dump *d)
{
	uint64_t start = stats_now();
	int r;

	interrupt_limit(d->opt->timeout);
	r = freeze_tree(d);
	if (r < 0 && interrupt_pending(&d->interrupt) == -ETIME)
		r = err_task(d->opt->tree, -ETIME, "freeze its tree within %u seconds; --timeout gives it more",
			     d->opt->timeout);
	interrupt_unlimit();
	if (r < 0)
		return r;

	d->stats.freezing_us = stats_now() - start;
	pr_info("Froze %zu tasks in %lu us\n", d->n_tasks, (unsigned long)d->stats.freezing_us);
	return 0;
}

static int look_within(struct dump *d, struct task *t)
{
	return t->state == TASK_DEAD ? 0 : look_inside(d, t);
}

static int dump_pages(struct dump *d, struct task *t)
{
	return t->state == TASK_DEAD ? 0 : mem_dump_pages(d, t);
}

static int write_task_images(struct dump *d, struct task *t)
{
	int r = core_write(d, t);

	if (r < 0 || t->state == TASK_DEAD)
		return r;
	r = ids_write(d, t);
	if (r == 0)
		r = fd_dump_fs(d, t);
	if (r == 0)
		r = mem_dump_mm(d, t, &t->look->inside);
	return r;
}

/* An older dump in the same directory ends here: its inventory must not vouch for a mix of both. */
static int remove_stale_inventory(struct dump *d)
{
	struct image *img;
	int r = image_create(d->images, IMG_INVENTORY, 0, &img);

	/* One that nothing was written to leaves no file. */
	return r < 0 ? r : image_close(img);
}

static int dump_cpu(struct dump *d)
{
	int r = fault_at(FAULT_DUMP_CPUINFO);

	return r < 0 ? r : cpuinfo_write(d->images, d->arena);
}

/* The last image: where it is, the others are. */
static int write_inventory(struct dump *d)
{
	InventoryEntry m = INVENTORY_ENTRY__INIT;
	TaskKobjIdsEntry ids = TASK_KOBJ_IDS_ENTRY__INIT;
	PluginsEntry plugins = PLUGINS_ENTRY__INIT;
	int r = fault_at(FAULT_DUMP_INVENTORY);

	if (r < 0)
		return r;

	ids_to_image(d, NULL, &ids);
	m.img_version = 2;
	m.has_fdinfo_per_id = m.fdinfo_per_id = true;
	m.root_ids = &ids;
	m.has_ns_per_id = m.ns_per_id = true;
	m.has_root_cg_set = true;
	m.root_cg_set = 1;
	m.has_lsmtype = true;
	m.lsmtype = (Lsmtype)d->lsm;
	if (d->opt->tcp_close)
		m.has_tcp_close = m.tcp_close = true;
	m.has_network_lock_method = true;
	m.network_lock_method = (uint32_t)d->opt->network_lock - 1; /* from 0 here, from 1 in RPC */
	m.plugins_entry = &plugins;
	m.dump_criu_run_id = (char *)d->opt->run_id;
	return image_write_one(d->images, IMG_INVENTORY, 0, &m.base);
}

static int dump_frozen(struct dump *d)
{
	int r;

	/* All that can refuse comes before the first image. */
	r = tree_look(d);
	if (r == 0)
		r = tree_each_task(d, look_within);
	if (r == 0)
		r = time_look(d);

	/* From here on nothing of ours is in the tasks, and they stand still. */
	if (r == 0)
		r = remove_stale_inventory(d);
	if (r == 0)
		r = tree_each_task(d, dump_pages);
	if (r == 0)
		r = tree_each_task(d, write_task_images);
	if (r == 0)
		r = fd_dump_write(d);
	if (r == 0)
		r = seccomp_write(d);
	if (r == 0)
		r = cgroup_write(d);
	if (r == 0)
		r = pstree_write(d);
	if (r == 0)
		r = time_write(d);
	if (r == 0 && d->opt->cpu_cap & CPU_CAP_IMAGE)
		r = dump_cpu(d);
	if (r == 0)
		r = interrupt_pending(&d->interrupt);
	if (r == 0)
		r = write_inventory(d);
	return r;
}

/* --- how it ends ------------------------------------------------------------------------------- */

static enum victim_release release_as_asked(const struct options *o)
{
	if (o->leave_stopped)
		return VICTIM_LEAVE_STOPPED;
	return o->leave_running ? VICTIM_RUN : VICTIM_KILL;
}

/* The tree is frozen and the images are complete, or r < 0. */
static int finish(struct dump *d, uint64_t frozen_at, int r)
{
	enum victim_release how = release_as_asked(d->opt);
	int released;

	if (r == 0)
		r = fault_at(FAULT_DUMP_POST_SCRIPT);
	if (r == 0 && script_run(d->opt, HOOK_POST_DUMP, d->root->pid) < 0)
		r = 1;
	if (r == 0) {
		/* With the tasks gone there is no way back: what can fail comes before. */
		d->stats.frozen_us = stats_now() - frozen_at;
		r = stats_write_dump(d);
	}

	if (r != 0)
		how = VICTIM_RUN;
	if (how != VICTIM_KILL)
		fd_dump_undo(d);
	released = freeze_release(d, how);
	return r == 0 ? released : r;
}

static int run_steps(struct dump *d)
{
	uint64_t frozen_at;
	int r = prepare(d);

	if (r < 0)
		return r;
	r = script_run(d->opt, HOOK_PRE_DUMP, d->opt->tree);
	if (r < 0)
		return r;
	r = interrupt_begin(&d->interrupt);
	if (r < 0)
		return err_any(r, "take over signals");

	frozen_at = stats_now();
	r = freeze(d);
	if (r == 0)
		r = finish(d, frozen_at, dump_frozen(d));
	interrupt_end(&d->interrupt);
	return r;
}

static void tell_summary(const struct dump *d, uint64_t total_us)
{
	uint64_t pages = d->stats.pages_written + d->stats.shpages_written;

	progress_summary(d->progress, &(struct progress_sum){
				     .verb = "dumped",
				     .tasks = (unsigned int)d->n_tasks,
				     .pages = pages,
				     .bytes = pages * arch_page_size(),
				     .frozen_us = d->stats.frozen_us,
				     .total_us = total_us,
			     });
}

int dump_run(const struct options *o)
{
	struct progress progress;
	struct dump d = { .opt = o, .progress = &progress };
	uint64_t start = stats_now();
	int r;

	progress_start(&progress, "dumping");
	r = run_steps(&d);
	progress_end(&progress);
	if (r == 0) {
		tell_summary(&d, stats_now() - start);
		pr_info("Dumping finished successfully\n");
	} else {
		pr_err("Dumping FAILED.\n");
	}

	if (d.files)
		fd_dump_end(&d);
	if (d.images)
		image_dir_close(d.images);
	kerndat_close(d.kd);
	arena_free(d.arena);
	return r;
}
