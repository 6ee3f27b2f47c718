/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/flow/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#if __has_include(<sys/rseq.h>) /* glibc 2.35 */
#include <sys/rseq.h>
#endif

#include "arch/arch.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "criu/fd/fd.h"
#include "criu/flow/attend.h"
#include "criu/flow/cpuinfo.h"
#include "criu/flow/lifeline.h"
#include "criu/flow/pidfile.h"
#include "criu/flow/script.h"
#include "criu/flow/stats.h"
#include "criu/image/fault.h"
#include "criu/image/image.h"
#include "criu/image/options.h"
#include "criu/image/progress.h"
#include "criu/mem/mem.h"
#include "criu/ns/time.h"
#include "criu/task/parts_restore.h"
#include "criu/task/restore.h"
#include "criu/task/stages.h"
#include "criu/flow/restore_tree.h"
#include "criu/task/tree_restore.h"
#include "kerndat/kerndat.h"

/* --- before anything is created ------------------------------------------------------------------ */

/* Descriptors of criu stand above those of the tasks; what the hard limit allows is there to be used. */
static void raise_descriptor_limit(struct restore *rs)
{
	struct rlimit rl;

	(void)getrlimit(RLIMIT_NOFILE, &rs->old_nofile); /* cannot fail */
	rl = rs->old_nofile;
	if (rl.rlim_cur < rl.rlim_max) {
		rl.rlim_cur = rl.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &rl); /* a small tree may fit all the same */
	}
}

int restore_prepare(struct restore *rs)
{
	const struct options *o = rs->opt;
	char path[32];
	int r;

	rs->arena = arena_new();
	rs->messages = arena_new_shared();
	if (!rs->arena || !rs->messages)
		return err_any(-ENOMEM, "begin");
	r = kerndat_open(&rs->kd);
	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", o->images_fd);
	r = image_dir_open(o->images_fd < 0 ? o->images_dir : path, rs->messages, &rs->images);
	if (r < 0)
		return r;
	rs->stats = mmap(NULL, sizeof(*rs->stats), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (rs->stats == MAP_FAILED) {
		rs->stats = NULL;
		return err_any(-errno, "map shared memory for statistics");
	}
	raise_descriptor_limit(rs);
	return creds_read_now(rs);
}

int restore_read(struct restore *rs)
{
	size_t i;
	int r = fault_at(FAULT_RESTORE_READ);

	if (!r && rs->opt->cpu_cap & CPU_CAP_IMAGE)
		r = cpuinfo_check(rs->images, rs->arena, rs->opt->cpu_cap);
	if (!r)
		r = tree_read(rs);
	if (!r)
		r = tree_check(rs);
	if (!r)
		r = time_read(rs);
	if (!r)
		r = fd_restore_read(rs);
	restore_for_each_task (i, rs)
		if (!r && rtask_is_live(rs->tasks[i]))
			r = mem_restore_read(rs, rs->tasks[i]);
	return r;
}

static int plan(struct restore *rs)
{
	int r = fault_at(FAULT_RESTORE_PLAN);

	if (!r)
		r = tree_plan(rs);
	if (!r)
		r = tree_check_pids(rs);
	if (!r)
		r = mem_restore_compare(rs);
	return r;
}

/* --- building -------------------------------------------------------------------------------------- */

/*
 * glibc registers a struct rseq for us. Forked tasks would inherit it, and the kernel kills who
 * unmaps it; glibc itself uses it for nothing but a faster sched_getcpu().
 */
static void leave_rseq(void)
{
#ifdef RSEQ_SIG
	/* Registered with the size of the first version, whatever of it is in use. */
	const unsigned int size = __rseq_size < 32 ? 32 : __rseq_size;

	if (__rseq_size)
		(void)sys_rseq((char *)__builtin_thread_pointer() + __rseq_offset, size, RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
#endif
}

/*
 * A task closes all that is below its own floor. The log would go too: tasks and coordinator
 * write to a copy above all floors.
 */
static int move_descriptors(struct restore *rs)
{
	int fd = neg_errno(fcntl(log_fd(), F_DUPFD_CLOEXEC, fd_restore_top(rs)));
	int r;

	if (fd < 0)
		return err_any(fd, "move the log to a descriptor from %d on", fd_restore_top(rs));
	rs->old_log_fd = log_fd();
	log_set_fd(fd);
	r = image_dir_move(rs->images, fd_restore_top(rs));
	return r < 0 ? err_any(r, "move the images directory to a descriptor from %d on", fd_restore_top(rs)) : 0;
}

static void move_log_back(struct restore *rs)
{
	int fd = log_fd();

	if (rs->old_log_fd < 0)
		return;
	log_set_fd(rs->old_log_fd);
	rs->old_log_fd = -1;
	close(fd);
}

/*
 * From here to the end of the restore, orphans come to us to be reaped, and tasks inherit a mask
 * that lets nothing but deaths through.
 */
static int begin_building(struct restore *rs)
{
	sigset_t mask;
	int r = fault_at(FAULT_RESTORE_STAGES);

	if (!r)
		r = stages_new(rs);
	if (r < 0)
		return r;
	arena_seal(rs->messages);
	(void)prctl(PR_GET_CHILD_SUBREAPER, &rs->was_subreaper, 0, 0, 0);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return err_any(-errno, "become a child subreaper");
	leave_rseq();
	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &mask, NULL);
	return stages_watch(rs, NULL);
}

static void end_building(struct restore *rs)
{
	stages_unwatch();
	(void)prctl(PR_SET_CHILD_SUBREAPER, rs->was_subreaper, 0, 0, 0);
}

/* All tasks stand complete, but for what finish_threads() gives them. */
static int build(struct restore *rs)
{
	uint64_t start = stats_now();
	int r;

	rs->stats->forking_us = start; /* the root makes a duration of it */
	r = task_fork(rs, rs->root);
	if (!r)
		r = finish_hold(rs);
	rs->stats->restore_us = stats_now() - start;
	return r;
}

static int write_pidfile(struct restore *rs)
{
	int r = fault_at(FAULT_RESTORE_PIDFILE);

	if (!r)
		r = pidfile_write(rs->opt, rs->root->pid);
	rs->has_pidfile = !r;
	return r;
}

static int create(struct restore *rs)
{
	int r = begin_building(rs);

	if (!r)
		r = fd_restore_begin(rs);
	if (!r)
		r = move_descriptors(rs);
	if (!r)
		r = lifeline_begin(rs);
	if (!r)
		r = build(rs);
	if (!r)
		r = finish_threads(rs);
	if (!r)
		r = fd_restore_threads(rs);
	if (!r)
		r = write_pidfile(rs);
	if (!r)
		r = script_run(rs->opt, HOOK_POST_RESTORE, rs->root->pid);
	return r;
}

/* Nothing below can undo it: errors are told and no more. */
static void resume(struct restore *rs)
{
	(void)script_run(rs->opt, HOOK_PRE_RESUME, rs->root->pid);
	finish_release(rs);
	end_building(rs);
	(void)script_run(rs->opt, HOOK_POST_RESUME, rs->root->pid);
}

static void undo(struct restore *rs)
{
	if (rs->stages) {
		finish_kill(rs);
		end_building(rs);
	}
	/* One that was there before is not ours. */
	if (rs->has_pidfile)
		pidfile_undo(rs->opt);
}

/* --- the whole ------------------------------------------------------------------------------------- */

static int run(struct restore *rs)
{
	int r = restore_prepare(rs);

	if (!r)
		r = restore_read(rs);
	if (!r)
		r = plan(rs);
	if (!r)
		r = script_run(rs->opt, HOOK_PRE_RESTORE, 0);
	if (r < 0)
		return r;

	r = create(rs);
	if (r < 0)
		undo(rs);
	lifeline_end(rs);
	move_log_back(rs);
	fd_restore_end(rs, r < 0);
	if (!r)
		resume(rs);
	return r;
}

static void tell(struct restore *rs, const struct progress *p, uint64_t start)
{
	const uint64_t pages = rs->stats->pages_restored;
	struct progress_sum sum = {
		.verb = "restored",
		.pages = pages,
		.bytes = pages * arch_page_size(),
		.total_us = stats_now() - start,
	};
	size_t i;

	restore_for_each_task (i, rs)
		sum.tasks += !rs->tasks[i]->helper;
	(void)stats_write_restore(rs);
	pr_info("Restore finished successfully. Tasks resumed.\n");
	progress_summary(p, &sum);
}

void restore_end(struct restore *rs)
{
	stages_free(rs);
	if (rs->stats)
		munmap(rs->stats, sizeof(*rs->stats));
	image_dir_close(rs->images);
	kerndat_close(rs->kd);
	arena_free(rs->messages);
	arena_free(rs->arena);
}

int restore_run(const struct options *o)
{
	struct progress p;
	struct restore rs = { .opt = o, .lifeline = { -1, -1 }, .old_log_fd = -1, .progress = &p };
	const uint64_t start = stats_now();
	pid_t root = 0;
	int r;

	progress_start(&p, "restoring");
	r = run(&rs);
	progress_end(&p);
	if (r < 0) {
		pr_err("Restoring FAILED.\n");
	} else {
		root = rs.root->pid;
		tell(&rs, &p, start);
	}
	restore_end(&rs);
	return r < 0 ? r : attend(o, root);
}
