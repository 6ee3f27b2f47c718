// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Seizing: every thread of one task stands in a ptrace stop of the signal path, to a fixed point.
 * Nothing in the task changes by that.
 */
#include "compel/victim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/own.h"

#define PF_EXITING 0x4

/* Newer than the headers of Debian 12. */
#define GET_RSEQ_CONFIGURATION 0x420f
#define RSEQ_CS_NO_RESTART_ON_SIGNAL 2 /* as in linux/rseq.h */

struct rseq_configuration {
	uint64_t ptr;
	uint32_t size, signature, flags, pad;
};

#ifndef PTRACE_O_SUSPEND_SECCOMP
#define PTRACE_O_SUSPEND_SECCOMP (1 << 21)
#endif

/* ---- /proc/PID/... ------------------------------------------------------------------------------ */

struct stat_line {
	char state;
	unsigned int flags;
	int exit_code;
};

static int stat_read(pid_t pid, pid_t tid, struct stat_line *ret_stat)
{
	char path[64];
	autofree char *text = NULL;
	char *p;
	int r;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	r = io_slurp_at(AT_FDCWD, path, &text, NULL);
	if (r < 0)
		return r == -ENOENT ? -ESRCH : r;

	/* The name in parentheses may contain anything: its end is the last one. */
	p = strrchr(text, ')');
	if (!p || sscanf(p + 1, " %c %*d %*d %*d %*d %*d %u", &ret_stat->state, &ret_stat->flags) != 2)
		return -EINVAL;

	p = strrchr(text, ' ');
	ret_stat->exit_code = p ? atoi(p + 1) : 0;
	return 0;
}

/* A number behind @key in /proc/PID/task/TID/status, or -1. */
static long status_number(pid_t pid, pid_t tid, const char *key)
{
	char path[64];
	autofree char *text = NULL;
	char *p;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", pid, tid);
	if (io_slurp_at(AT_FDCWD, path, &text, NULL) < 0)
		return -1;

	p = strstr(text, key);
	return p ? strtol(p + strlen(key), NULL, 10) : -1;
}

/* ---- one thread --------------------------------------------------------------------------------- */

static int seize_one(struct victim *v, pid_t tid)
{
	unsigned long opts = PTRACE_O_TRACESYSGOOD;

	/* The exit of a leader with living threads, alone of all, is not reported by waiting. */
	if (tid == v->pid)
		opts |= PTRACE_O_TRACEEXIT;

	if (ptrace(PTRACE_SEIZE, tid, 0, opts | (v->seccomp_suspended ? PTRACE_O_SUSPEND_SECCOMP : 0)) < 0) {
		/* EPERM: no CAP_SYS_ADMIN; EINVAL: not in this kernel. */
		if (!v->seccomp_suspended || errno == ESRCH)
			return -errno;
		if (ptrace(PTRACE_SEIZE, tid, 0, opts) < 0)
			return -errno;
		v->seccomp_suspended = false;
	}

	/* ESRCH: it has exited meanwhile, waiting tells. */
	(void)tracee_interrupt(tid);
	return 0;
}

/* Name who does not stop and why. */
static void tell_waiting(const struct victim *v, pid_t tid)
{
	struct stat_line st;

	if (stat_read(v->pid, tid, &st) < 0)
		return;
	if (st.state == 'D')
		pr_err("pid %d: thread %d does not stop: it waits inside the kernel, as the parent in vfork() "
		       "does until its child has called exec or exit [task-vfork]\n", v->pid, tid);
	else
		pr_err("pid %d: thread %d does not stop, its state is %c\n", v->pid, tid, st.state);
}

/* Wait until @t stands in the stop we asked for. 0; 1: it has exited; -errno. */
static int seize_wait(struct victim *v, struct victim_thread *t)
{
	int status = 0, r;

	for (;;) {
		r = tracee_await(v, t, &status);
		if (r == -ESRCH)
			return 1;
		if (r == -EINTR)
			tell_waiting(v, t->tid);
		if (r < 0)
			return err_task(v->pid, r, "wait for thread %d to stop", t->tid);

		if (tracee_is_event_stop(status)) {
			if (WSTOPSIG(status) != SIGTRAP) {
				v->state = VICTIM_STOPPED;
				v->stop_signal = WSTOPSIG(status);
			}
			return 0;
		}

		if (tracee_is_exit_stop(status)) {
			(void)ptrace(PTRACE_CONT, t->tid, 0, 0);
			if (v->nr_threads > 1) {
				t->is_dead = true;
				return 1;
			}
			continue;
		}

		/* A signal was on its way: let it arrive. Our stop comes before its handler runs. */
		if (ptrace(PTRACE_CONT, t->tid, 0, (void *)(long)WSTOPSIG(status)) < 0 && errno != ESRCH)
			return err_task(v->pid, -errno, "deliver signal %d to thread %d",
					WSTOPSIG(status), t->tid);
	}
}

/*
 * Inside a restartable sequence the kernel will send the thread to the abort address when it
 * returns to user space. It would not, if we made the thread run elsewhere first: so it goes there now.
 */
static void rseq_fix(struct victim *v, struct victim_thread *t)
{
	struct rseq_configuration c;
	struct {
		uint32_t version, flags;
		uint64_t start, post_commit_offset, abort;
	} cs;

	if (ptrace((enum __ptrace_request)GET_RSEQ_CONFIGURATION, t->tid, sizeof(c), &c) < 0)
		return;

	t->has_rseq = true;
	t->rseq = (struct victim_rseq){ .ptr = c.ptr, .size = c.size, .signature = c.signature, .flags = c.flags };
	if (!c.ptr || victim_read(v, c.ptr + 8, &t->rseq.cs, sizeof(t->rseq.cs)) < 0 || !t->rseq.cs)
		return;
	if (victim_read(v, t->rseq.cs, &cs, sizeof(cs)) < 0)
		return;
	if (arch_regs_pc(&t->regs) - cs.start >= cs.post_commit_offset)
		return;
	if (cs.flags & RSEQ_CS_NO_RESTART_ON_SIGNAL)
		t->rseq.cs_kept = true;
	else
		arch_regs_set_pc(&t->regs, cs.abort);
}

static int thread_load(struct victim *v, struct victim_thread *t)
{
	int r = arch_regs_get(t->tid, &t->regs);

	if (r < 0)
		return err_task(v->pid, r, "read the registers of thread %d", t->tid);
	if (ptrace(PTRACE_GETSIGMASK, t->tid, sizeof(t->sigmask), &t->sigmask) < 0)
		return err_task(v->pid, -errno, "read the signal mask of thread %d", t->tid);

	rseq_fix(v, t);
	return 0;
}

/* ---- all threads -------------------------------------------------------------------------------- */

static struct victim_thread *add_thread(struct victim *v, pid_t tid)
{
	struct victim_thread *threads;

	if ((v->nr_threads & (v->nr_threads - 1)) == 0) {
		threads = realloc(v->threads, (v->nr_threads ? v->nr_threads * 2 : 1) * sizeof(*threads));
		if (!threads)
			return NULL;
		v->threads = threads;
	}

	v->threads[v->nr_threads] = (struct victim_thread){ .tid = tid };
	return &v->threads[v->nr_threads++];
}

/* The words in brackets are codes of criu/image/blockers.h, which its refusals end with. */

/* Why SEIZE said EPERM: one of the reasons has a name. */
static int seize_refused(struct victim *v, pid_t tid, int r)
{
	struct stat_line st;
	long tracer;

	if (stat_read(v->pid, tid, &st) < 0)
		return -ESRCH;
	if (st.state == 'Z' || st.state == 'X')
		return -ESRCH;

	tracer = status_number(v->pid, tid, "TracerPid:");
	if (tracer > 0)
		return refuse_task(v->pid, -EBUSY, "seize it; pid %ld traces it (a debugger?), detach that first [task-traced]",
				   tracer);

	if (r == -EPERM)
		return refuse_task(v->pid, r, "seize thread %d; run criu as root, or as the task's user with CAP_SYS_PTRACE "
				   "[task-privilege]", tid);
	return err_task(v->pid, r, "seize thread %d", tid);
}

static int add_and_seize(struct victim *v, pid_t tid)
{
	struct victim_thread *t;
	int r;

	r = seize_one(v, tid);
	if (r < 0)
		r = seize_refused(v, tid, r);
	if (r < 0 && r != -ESRCH)
		return r;
	/* A thread other than the leader that is gone is no loss. */
	if (r == -ESRCH && tid != v->pid)
		return 0;

	t = add_thread(v, tid);
	if (!t)
		return -ENOMEM;

	t->is_dead = r == -ESRCH;
	return 0;
}

/* Seize what is not seized yet in /proc/PID/task. Returns how many threads that were. */
static int seize_new(struct victim *v)
{
	size_t old = v->nr_threads;
	char path[32];
	struct dirent *e;
	DIR *dir;
	int r = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", v->pid);
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? -ESRCH : err_task(v->pid, -errno, "list its threads");

	while (r >= 0 && (e = readdir(dir))) {
		pid_t tid = atoi(e->d_name);

		if (tid > 0 && !victim_thread(v, tid))
			r = add_and_seize(v, tid);
	}

	closedir(dir);
	return r < 0 ? r : (int)(v->nr_threads - old);
}

/* A leader that is past its exit cannot be waited for while other threads live. */
static bool leader_is_exiting(const struct victim *v)
{
	struct stat_line st;

	return v->nr_threads > 1 &&
	       (stat_read(v->pid, v->pid, &st) < 0 || st.state == 'Z' || (st.flags & PF_EXITING));
}

static int wait_new(struct victim *v, size_t first)
{
	int r;

	for (size_t i = first; i < v->nr_threads;) {
		struct victim_thread *t = &v->threads[i];
		bool is_leader = t->tid == v->pid;

		r = 0;
		if (is_leader && !t->is_dead && leader_is_exiting(v))
			t->is_dead = true;
		if (!t->is_dead)
			r = seize_wait(v, t);
		if (r < 0)
			return r;

		if (r == 1 && !is_leader) {
			/* Exited: the last one takes its place. */
			*t = v->threads[--v->nr_threads];
			continue;
		}
		i++;
	}

	return 0;
}

static int by_tid(const void *a, const void *b)
{
	const struct victim_thread *x = a, *y = b;

	return (x->tid > y->tid) - (x->tid < y->tid);
}

/* Nobody lives: what is left to know is the exit code. */
static int become_zombie(struct victim *v)
{
	struct stat_line st;
	int r = stat_read(v->pid, v->pid, &st);

	if (r < 0)
		return r;

	v->state = VICTIM_ZOMBIE;
	v->exit_code = st.exit_code;
	return 0;
}

static int seize_all(struct victim *v)
{
	int n, r;

	/* The kernel lists the leader first, so it is threads[0]. */
	for (;;) {
		size_t old = v->nr_threads;

		n = seize_new(v);
		if (n < 0)
			return n;
		/* Threads that end while we look leave no new ones either: then it is a fixed point. */
		if (n == 0)
			break;
		r = wait_new(v, old);
		if (r < 0)
			return r;
		if (v->nr_threads == 1 && v->threads[0].is_dead)
			return become_zombie(v);
	}

	if (!victim_living(v))
		return become_zombie(v);

	qsort(v->threads + 1, v->nr_threads - 1, sizeof(*v->threads), by_tid);
	for (size_t i = 0; i < v->nr_threads; i++) {
		if (v->threads[i].is_dead)
			continue;
		r = thread_load(v, &v->threads[i]);
		if (r < 0)
			return r;
	}

	return 0;
}

int victim_seize(pid_t pid, int signals, struct victim **ret_victim)
{
	struct victim *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return -ENOMEM;

	*v = (struct victim){ .pid = pid, .signals = signals, .mem_fd = -1, .pid_fd = -1, .seccomp_suspended = true };
	r = seize_all(v);
	if (r < 0) {
		(void)victim_release(v, VICTIM_RUN);
		return r;
	}

	*ret_victim = v;
	return 0;
}

struct victim_thread *victim_thread(const struct victim *v, pid_t tid)
{
	for (size_t i = 0; i < v->nr_threads; i++)
		if (v->threads[i].tid == tid)
			return &v->threads[i];

	return NULL;
}

struct victim_thread *victim_living(const struct victim *v)
{
	for (size_t i = 0; i < v->nr_threads; i++)
		if (!v->threads[i].is_dead)
			return &v->threads[i];

	return NULL;
}

/* Asked once a task, and only where filters could not be suspended. */
int victim_may_run(struct victim *v)
{
	if (v->seccomp_suspended)
		return 0;

	for (size_t i = 0; i < v->nr_threads; i++)
		if (!v->threads[i].is_dead && status_number(v->pid, v->threads[i].tid, "Seccomp:") > 0)
			return refuse_task(v->pid, -EPERM,
					   "run code in it; thread %d has a seccomp filter that only "
					   "CAP_SYS_ADMIN can suspend [task-seccomp]", v->threads[i].tid);

	return 0;
}

/* ---- release ------------------------------------------------------------------------------------ */

/* Detach needs a stop; a thread that still runs (we failed half way) is stopped first. */
static int detach(struct victim *v, struct victim_thread *t)
{
	struct stat_line st;
	int r;

	if (ptrace(PTRACE_DETACH, t->tid, 0, 0) == 0)
		return 0;
	if (errno != ESRCH)
		return -errno;

	if (tracee_interrupt(t->tid) < 0)
		return 0; /* not ours any more */
	/* Asleep in the kernel, as in vfork(): it may never stop. The kernel lets go of it when we end. */
	if (stat_read(v->pid, t->tid, &st) == 0 && st.state == 'D') {
		pr_warn("pid %d: thread %d stays traced until this process ends\n", v->pid, t->tid);
		return 0;
	}
	/* Who asked us to stop wants just this. */
	v->signals = -1;
	r = seize_wait(v, t);
	if (r != 0)
		return r < 0 ? r : 0;

	return ptrace(PTRACE_DETACH, t->tid, 0, 0) < 0 && errno != ESRCH ? -errno : 0;
}

void victim_kill_prepare(struct victim *v)
{
	/* Without the option no thread stops again on its way out. */
	for (size_t i = 0; i < v->nr_threads; i++)
		if (!v->threads[i].is_dead)
			(void)ptrace(PTRACE_SETOPTIONS, v->threads[i].tid, 0, 0);
}

void victim_kill(struct victim *v)
{
	if (v->state != VICTIM_ZOMBIE)
		(void)kill(v->pid, SIGKILL);
}

static int kill_all(struct victim *v)
{
	int status;

	victim_kill_prepare(v);
	if (kill(v->pid, SIGKILL) < 0 && errno != ESRCH)
		return -errno;

	/*
	 * Reap as the tracer, the leader last, so that its parent gets to see it; those that died in our hands, too, for
	 * the leader is not seen before the last of them. Who was killed by somebody else already may
	 * stand at its exit, where another SIGKILL does not reach it.
	 */
	for (size_t i = v->nr_threads; i-- > 0;)
		while (waitpid(v->threads[i].tid, &status, __WALL) > 0 && WIFSTOPPED(status))
			(void)ptrace(PTRACE_CONT, v->threads[i].tid, 0, 0);

	return 0;
}

static int let_go(struct victim *v, enum victim_release how)
{
	int ret = 0, r;

	if (v->state == VICTIM_ZOMBIE)
		return 0;
	if (how == VICTIM_KILL)
		return kill_all(v);

	/* Still held, no thread can run before it meets the signal. */
	if (how == VICTIM_LEAVE_STOPPED && v->state != VICTIM_STOPPED && kill(v->pid, SIGSTOP) < 0)
		ret = -errno;

	for (size_t i = v->nr_threads; i-- > 0;) {
		if (v->threads[i].is_dead) {
			/* If it died in our hands: its parent shall hear of it. */
			(void)waitpid(v->threads[i].tid, NULL, __WALL | WNOHANG);
			continue;
		}
		r = detach(v, &v->threads[i]);
		if (r < 0 && ret == 0)
			ret = r;
	}

	return ret;
}

int victim_release(struct victim *v, enum victim_release how)
{
	int ret = 0, r;

	if (!v)
		return 0;

	if (how != VICTIM_KILL)
		ret = victim_cure(v);
	r = let_go(v, how);
	if (r < 0)
		err_task(v->pid, r, "let it go");
	if (ret == 0)
		ret = r;

	if (v->inf)
		own_close(&v->inf->sock);
	free(v->inf);
	if (v->site)
		free(v->site->before);
	free(v->site);
	own_close(&v->mem_fd);
	own_close(&v->pid_fd);
	for (size_t i = 0; i < v->nr_threads; i++)
		free(v->threads[i].kept);
	free(v->threads);
	free(v);
	return ret;
}
