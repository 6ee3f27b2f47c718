// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The parasite: one mapping with code, lanes, argument slots and stacks, one socket pair. The host
 * thread runs the parasite's loop and answers by message; other threads visit it as guests for one
 * command. compel/inside/ is the other side.
 */
#include "compel/victim.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/own.h"
#include "compel/inside/inside.h"

#define ALL_SIGNALS (~0ull)

/* ---- layout ------------------------------------------------------------------------------------- */

static uint64_t lane_addr(const struct victim_infection *inf, uint32_t i)
{
	return inf->shared + offsetof(struct inside_shared, lanes) + i * sizeof(struct inside_lane);
}

static uint64_t args_addr(const struct victim_infection *inf, uint32_t i)
{
	return inf->args + i * inf->args_cap;
}

static uint64_t stack_top(const struct victim_infection *inf, uint32_t i)
{
	return inf->stacks + (i + 1) * (uint64_t)INSIDE_STACK;
}

static size_t round_page(size_t n)
{
	size_t page = arch_page_size();

	return (n + page - 1) & ~(page - 1);
}

static size_t shared_size(uint32_t nr_lanes)
{
	return round_page(sizeof(struct inside_shared) + nr_lanes * sizeof(struct inside_lane));
}

static void plan(struct victim_infection *inf, size_t blob_size, size_t args_size, size_t nr_threads)
{
	inf->nr_lanes = nr_threads < INSIDE_LANES ? (uint32_t)nr_threads + 1 : INSIDE_LANES;
	inf->args_cap = round_page(args_size ? args_size : 1);
	inf->size = blob_size + shared_size(inf->nr_lanes) +
		    inf->nr_lanes * (inf->args_cap + (size_t)INSIDE_STACK);
}

static void place(struct victim_infection *inf, size_t blob_size, uint64_t addr)
{
	inf->addr = addr;
	inf->shared = addr + blob_size;
	inf->args = inf->shared + shared_size(inf->nr_lanes);
	inf->stacks = inf->args + inf->nr_lanes * inf->args_cap;
}

static int lane_fill(const struct victim_infection *inf, struct inside_lane *lane, uint32_t i,
		     const struct victim_thread *t)
{
	struct arch_regs home = t->regs;
	long r;

	arch_regs_fix_restart(&home, ARCH_RESTART_LIVE);
	*lane = (struct inside_lane){
		.shared = inf->shared, .args = args_addr(inf, i), .index = i,
		.home_sp = arch_regs_sp(&home),
	};
	r = arch_trampoline_build(lane->trampoline, t->tid, &home, t->sigmask);
	arch_leave_init(&lane->leave, &home);
	arch_leave_aim(&lane->leave,
		       lane_addr(inf, i) + offsetof(struct inside_lane, trampoline) + ARCH_TRAMPOLINE_HOME,
		       0, 0, 0);
	return r < 0 ? (int)r : 0;
}

/* ---- bringing it in ----------------------------------------------------------------------------- */

static int remote_mmap(struct victim *v, struct victim_thread *t, size_t size, uint64_t *ret_addr)
{
	const uint64_t args[6] = { 0, size, PROT_READ | PROT_WRITE | PROT_EXEC,
				   (uint64_t)(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | arch_mmap_flags(&t->regs)),
				   (uint64_t)-1, 0 };
	long ret;
	int r;

	r = victim_syscall(v, t, SYS_mmap, args, &ret);
	if (r < 0)
		return r;
	if (ret < 0 && ret > -4096)
		return err_task(v->pid, (int)ret, "map %zu bytes in it%s", size,
				ret == -EACCES ? "; it may not have writable code (PR_SET_MDWE, or a security module)" : "");

	*ret_addr = (uint64_t)ret;
	return 0;
}

/* Blob, shared part and lane 0 go in by one write. */
static int write_all(struct victim *v, struct victim_thread *t, const struct compel_blob *blob,
		     size_t blob_size)
{
	struct victim_infection *inf = v->inf;
	size_t size = blob_size + sizeof(struct inside_shared) + sizeof(struct inside_lane);
	autofree uint8_t *buf = calloc(1, size);
	struct inside_shared *s;
	int r;

	if (!buf)
		return -ENOMEM;

	r = compel_blob_load(blob, buf, inf->addr, &inf->entry);
	if (r < 0)
		return err_task(v->pid, r, "load the parasite's code");

	s = (struct inside_shared *)(buf + blob_size);
	s->start.pair[0] = s->start.pair[1] = -1;
	s->nr_lanes = inf->nr_lanes;
	s->unmap_pc = v->site->addr;
	s->addr = inf->addr;
	s->size = inf->size;
	r = lane_fill(inf, &s->lanes[0], 0, t);
	if (r == 0)
		r = victim_write_code(v, inf->addr, buf, size);
	return r < 0 ? err_task(v->pid, r, "write the parasite") : 0;
}

/* Aimed first, blocked second; then it may run: see remote.c. */
static int aim_at_parasite(struct victim *v, struct victim_thread *t, uint32_t lane)
{
	struct victim_infection *inf = v->inf;
	struct arch_regs regs = t->regs;
	int r;

	r = thread_keep(v, t);
	if (r < 0)
		return r;
	t->has_ssp = arch_shadow_stack_get(t->tid, &t->ssp) == 0;
	arch_regs_enter(&regs, inf->entry, stack_top(inf, lane), lane_addr(inf, lane));
	r = arch_regs_set(t->tid, &regs);
	if (r == 0)
		t->where = AT_PARASITE;
	if (r == 0)
		r = thread_set_mask(t->tid, ALL_SIGNALS);
	if (r < 0)
		return err_task(v->pid, r, "aim thread %d at the parasite", t->tid);

	return 0;
}

static int run(struct victim *v, struct victim_thread *t)
{
	if (ptrace(PTRACE_CONT, t->tid, 0, 0) < 0)
		return err_task(v->pid, -errno, "start the parasite in thread %d", t->tid);

	return 0;
}

/* Let the parasite run call by call until it has made its socket pair or says why it cannot. */
static int run_to_pair(struct victim *v, struct victim_thread *t, int pair[2])
{
	struct inside_start start;
	long ret;
	int r;

	do {
		r = thread_run_syscall(v, t, &ret);
		if (r < 0)
			return r;
		r = victim_read(v, v->inf->shared + offsetof(struct inside_shared, start), &start, sizeof(start));
		if (r < 0)
			return err_task(v->pid, r, "read the parasite's descriptors");
	} while (!start.error && start.pair[0] < 0);

	if (start.error == -EMFILE)
		return refuse_task(v->pid, -EMFILE, "talk to it; all its file descriptors are in use and "
				   "RLIMIT_NOFILE allows no more, close one [task-descriptors]");
	if (start.error)
		return err_task(v->pid, start.error, "make a socket pair in it");

	memcpy(pair, start.pair, sizeof(start.pair));
	return 0;
}

/*
 * While it stands behind socketpair(2) we take our end and say so; unless told, the parasite
 * closes both ends and leaves.
 */
static int connect_host(struct victim *v, struct victim_thread *t)
{
	const uint32_t yes = 1;
	int pair[2], r;

	r = aim_at_parasite(v, t, 0);
	if (r < 0)
		return r;

	r = run_to_pair(v, t, pair);
	if (r < 0)
		goto stopped;

	v->inf->task_fd = pair[0];
	v->inf->copy_fd = pair[1];
	v->inf->sock = r = victim_getfd(v, pair[1]);
	if (r < 0)
		goto stopped;

	r = victim_write(v, v->inf->shared + offsetof(struct inside_shared, is_connected), &yes, sizeof(yes));
	if (r < 0) {
		err_task(v->pid, r, "connect to the parasite");
		goto stopped;
	}

	return run(v, t);
stopped:
	/* In a stop of its own, so cure need not stop it. */
	t->where = AT_TRAMPOLINE;
	return r;
}

static int may_infect(struct victim *v, struct victim_thread *t, size_t args_size)
{
	if (!t)
		return refuse_task(v->pid, -ESRCH, "run code in it; it is dead");
	if (args_size > VICTIM_ARGS_MAX)
		return refuse_task(v->pid, -E2BIG, "run code in it; %zu bytes of arguments are too many", args_size);
	if (v->inf)
		return refuse_task(v->pid, -EALREADY, "run code in it; the parasite is there already");

	return victim_may_run(v);
}

int victim_infect(struct victim *v, const struct compel_blob *blob, size_t args_size)
{
	struct victim_thread *t = victim_living(v);
	long blob_size = compel_blob_size(blob);
	struct victim_infection *inf;
	uint64_t addr = 0;
	int r;

	r = may_infect(v, t, args_size);
	if (r < 0)
		return r;
	if (blob_size < 0)
		return err_task(v->pid, (int)blob_size, "load the parasite's code");

	inf = calloc(1, sizeof(*inf));
	if (!inf)
		return -ENOMEM;
	inf->sock = inf->task_fd = inf->copy_fd = -1;
	plan(inf, (size_t)blob_size, args_size, v->nr_threads);

	r = remote_mmap(v, t, inf->size, &addr);
	if (r < 0) {
		free(inf);
		goto undo;
	}
	place(inf, (size_t)blob_size, addr);

	v->inf = inf;
	inf->host = t;

	r = write_all(v, t, blob, (size_t)blob_size);
	if (r == 0)
		r = site_note(v, inf->addr, inf->size);
	if (r == 0)
		r = connect_host(v, t);
	if (r == 0)
		return 0;
undo:
	(void)victim_cure(v); /* the first error is the one to report */
	return r;
}

bool victim_is_infected(const struct victim *v)
{
	return v->inf;
}

bool victim_owns_fd(const struct victim *v, int fd)
{
	return v->inf && v->inf->task_fd >= 0 && v->inf->task_fd == fd;
}

bool victim_owns_mapping(const struct victim *v, uint64_t addr)
{
	return v->inf && addr - v->inf->addr < v->inf->size;
}

/* ---- talking ------------------------------------------------------------------------------------ */

/* A thread in the parasite that stops or dies would leave us waiting for its answer. */
static int check_threads(struct victim *v)
{
	int status, r;

	for (size_t i = 0; i < v->nr_threads; i++) {
		struct victim_thread *t = &v->threads[i];

		if (t->is_dead || t->where != AT_PARASITE)
			continue;
		r = waitpid(t->tid, &status, __WALL | WNOHANG);
		if (r == 0)
			continue;
		r = r > 0 && WIFSTOPPED(status) ? tracee_pass(t, status, PTRACE_CONT) : -ESRCH;
		if (r == -ESRCH)
			t->is_dead = true;
		if (r < 0)
			return r == -EFAULT ? r : err_task(v->pid, r, "talk to thread %d; it was killed", t->tid);
	}

	return 0;
}

static int wait_answer(struct victim *v)
{
	struct pollfd fds[2] = { { .fd = v->inf->sock, .events = POLLIN }, { .fd = v->signals, .events = POLLIN } };
	int r;

	for (;;) {
		r = check_threads(v);
		if (r < 0)
			return r;
		r = (int)neg_errno(poll(fds, 2, -1));
		if (r >= 0 && fds[0].revents)
			return 0;
		if (r >= 0)
			r = signals_next(v->signals);
		if (r < 0)
			return err_task(v->pid, r, "wait for the parasite's answer");
	}
}

/* Collect @nr answers; ret[lane] is set. */
static int collect(struct victim *v, int64_t *ret, size_t nr)
{
	struct inside_reply reply;
	int r = 0;

	while (r == 0 && nr > 0) {
		r = wait_answer(v);
		if (r == 0 && read(v->inf->sock, &reply, sizeof(reply)) != sizeof(reply))
			r = err_task(v->pid, -EIO, "read the parasite's answer");
		if (r == 0 && reply.lane >= v->inf->nr_lanes)
			r = err_task(v->pid, -EIO, "use the parasite's answer");
		if (r == 0) {
			ret[reply.lane] = reply.ret;
			nr--;
			if (reply.lane == 0)
				v->inf->copy_fd = -1;
		}
	}

	return r;
}

static int ask_host(struct victim *v, const struct inside_request *q, int64_t *ret)
{
	int64_t answers[INSIDE_LANES];
	int r;

	if (send(v->inf->sock, q, sizeof(*q), MSG_NOSIGNAL) != sizeof(*q))
		return err_task(v->pid, -errno, "send a command to the parasite");

	r = collect(v, answers, 1);
	if (r == 0)
		*ret = answers[0];
	return r;
}

int inside_syscall(struct victim *v, long nr, const uint64_t args[6], long *ret)
{
	struct inside_request q = { .cmd = INSIDE_CMD_SYSCALL, .nr = nr };
	int64_t answer;
	int r;

	memcpy(q.args, args, sizeof(q.args));
	r = ask_host(v, &q, &answer);
	if (r == 0)
		*ret = (long)answer;
	return r;
}

static int may_call(struct victim *v, size_t size)
{
	if (!v->inf)
		return refuse_task(v->pid, -EINVAL, "run a command in it; there is no parasite");
	if (size > v->inf->args_cap)
		return refuse_task(v->pid, -E2BIG, "run a command in it; %zu bytes of arguments are too many", size);

	return 0;
}

int victim_call(struct victim *v, int cmd, void *args, size_t size)
{
	struct inside_request q = { .cmd = cmd, .args_size = (uint32_t)size };
	int64_t ret;
	int r;

	r = may_call(v, size);
	if (r < 0)
		return r;

	if (size) {
		r = victim_write(v, args_addr(v->inf, 0), args, size);
		if (r < 0)
			return err_task(v->pid, r, "write a command's arguments");
	}
	r = ask_host(v, &q, &ret);
	if (r < 0)
		return r;
	if (size) {
		r = victim_read(v, args_addr(v->inf, 0), args, size);
		if (r < 0)
			return err_task(v->pid, r, "read a command's results");
	}

	return (int)ret;
}

/* ---- guests ------------------------------------------------------------------------------------- */

struct visit {
	struct victim_thread *t;
	void *args;
};

static int note_guests(struct victim *v)
{
	const uint32_t yes = 1;
	int r;

	if (v->inf->has_guests)
		return 0;

	r = victim_write(v, v->inf->shared + offsetof(struct inside_shared, has_guests), &yes, sizeof(yes));
	if (r < 0)
		return err_task(v->pid, r, "prepare the parasite for guests");

	v->inf->has_guests = true;
	return 0;
}

static int lane_write(struct victim *v, struct victim_thread *t, uint32_t i, int cmd, size_t size)
{
	struct inside_lane lane;
	int r;

	r = lane_fill(v->inf, &lane, i, t);
	lane.cmd = (uint32_t)cmd;
	lane.args_size = (uint32_t)size;
	if (r == 0)
		r = victim_write_code(v, lane_addr(v->inf, i), &lane, sizeof(lane));
	return r < 0 ? err_task(v->pid, r, "prepare a visit of thread %d", t->tid) : 0;
}

static int send_guest(struct victim *v, const struct visit *visit, uint32_t i, int cmd, size_t size)
{
	int r = lane_write(v, visit->t, i, cmd, size);

	if (r == 0 && size) {
		r = victim_write(v, args_addr(v->inf, i), visit->args, size);
		if (r < 0)
			err_task(v->pid, r, "write a command's arguments");
	}

	if (r == 0)
		r = aim_at_parasite(v, visit->t, i);
	return r < 0 ? r : run(v, visit->t);
}

static int lane_flag(struct victim *v, uint32_t i, size_t offset, uint32_t value)
{
	return victim_write(v, lane_addr(v->inf, i) + offset, &value, sizeof(value));
}

/*
 * A guest that has answered waits and uses the socket no more; one that has not (we failed) is
 * muted first. From then on the host need not wait for it, should we die.
 */
static int fetch_guest(struct victim *v, struct victim_thread *t, uint32_t i, bool has_answered)
{
	int r = tracee_settle(t);

	if (r < 0)
		return err_task(v->pid, r, "stop thread %d", t->tid);

	if (!has_answered)
		(void)lane_flag(v, i, offsetof(struct inside_lane, mute), 1);
	r = lane_flag(v, i, offsetof(struct inside_lane, busy), 0);
	if (r < 0)
		err_task(v->pid, r, "end the visit of thread %d", t->tid);

	return thread_home(v, t);
}

/* Up to INSIDE_LANES - 1 threads at once. The first error of us or of a command ends it. */
static int visit_together(struct victim *v, const struct visit *visits, size_t nr, int cmd, size_t size)
{
	int64_t answers[INSIDE_LANES];
	size_t started = 0;
	int r, ret;

	ret = note_guests(v);
	while (ret == 0 && started < nr) {
		ret = send_guest(v, &visits[started], (uint32_t)started + 1, cmd, size);
		if (ret == 0 || visits[started].t->where == AT_PARASITE)
			started++;
	}

	if (ret == 0)
		ret = collect(v, answers, nr);

	for (size_t i = 0; i < started; i++)
		(void)tracee_interrupt(visits[i].t->tid);
	for (size_t i = 0; i < started; i++) {
		r = fetch_guest(v, visits[i].t, (uint32_t)i + 1, ret == 0);
		if (ret == 0)
			ret = r;
	}

	for (size_t i = 0; ret == 0 && i < nr; i++) {
		ret = answers[i + 1] < 0 ? (int)answers[i + 1] : 0;
		if (ret == 0 && size && victim_read(v, args_addr(v->inf, (uint32_t)i + 1), visits[i].args, size) < 0)
			ret = err_task(v->pid, -EIO, "read a command's results");
	}

	return ret;
}

int victim_call_threads(struct victim *v, int cmd, void *args, size_t size)
{
	struct visit visits[INSIDE_LANES - 1];
	size_t nr = 0;
	int r;

	r = may_call(v, size);
	for (size_t i = 0; r >= 0 && i < v->nr_threads; i++) {
		struct victim_thread *t = &v->threads[i];
		void *own = (char *)args + i * size;

		if (t->is_dead)
			continue;
		if (t == v->inf->host) {
			r = victim_call(v, cmd, own, size);
			continue;
		}

		visits[nr++] = (struct visit){ t, own };
		if (nr == v->inf->nr_lanes - 1) {
			r = visit_together(v, visits, nr, cmd, size);
			nr = 0;
		}
	}
	if (r >= 0 && nr > 0)
		r = visit_together(v, visits, nr, cmd, size);

	return r < 0 ? r : 0;
}

int victim_call_thread(struct victim *v, pid_t tid, int cmd, void *args, size_t size)
{
	const struct visit visit = { victim_thread(v, tid), args };
	int r;

	r = may_call(v, size);
	if (r < 0)
		return r;
	if (!visit.t || visit.t->is_dead)
		return refuse_task(v->pid, -ESRCH, "run a command in thread %d; it is dead", tid);
	if (visit.t == v->inf->host)
		return victim_call(v, cmd, args, size);

	return visit_together(v, &visit, 1, cmd, size);
}

int inside_trampoline(struct victim *v, struct victim_thread *t, uint64_t *ret_pc)
{
	int r = note_guests(v);

	if (r == 0)
		r = lane_write(v, t, 1, 0, 0);
	if (r == 0)
		*ret_pc = lane_addr(v->inf, 1) + offsetof(struct inside_lane, trampoline);
	return r;
}

/* ---- cure --------------------------------------------------------------------------------------- */

static int remove_parasite(struct victim *v)
{
	struct victim_infection *inf = v->inf;
	struct victim_thread *t = inf->host;
	const uint64_t unmap_args[6] = { inf->addr, inf->size };
	const int fds[] = { inf->task_fd, inf->copy_fd };
	int ret = 0, r = 0;
	long res;

	if (t->where == AT_PARASITE) {
		r = tracee_interrupt(t->tid);
		if (r == 0)
			r = tracee_settle(t);
		if (r < 0)
			return err_task(v->pid, r, "stop the parasite");
	}

	/* The site's trampoline holds the host's way home since the first call. */
	for (int i = 0; i < 2 && ret == 0; i++) {
		const uint64_t args[6] = { (uint64_t)fds[i] };

		if (fds[i] >= 0)
			ret = remote_syscall(v, t, v->site->addr, SYS_close, args, &res);
	}
	r = remote_syscall(v, t, v->site->addr, SYS_munmap, unmap_args, &res);
	if (r == 0 && res < 0)
		r = err_task(v->pid, (int)res, "unmap the parasite");
	if (r == 0)
		t->where = AT_TRAMPOLINE;
	return ret < 0 ? ret : r;
}

int victim_cure(struct victim *v)
{
	int ret = 0, r;

	if (v->inf) {
		ret = remove_parasite(v);
		own_close(&v->inf->sock);
		free(v->inf);
		v->inf = NULL;
	}

	r = site_leave(v);
	return ret < 0 ? ret : r;
}
