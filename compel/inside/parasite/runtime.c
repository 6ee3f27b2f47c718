// SPDX-License-Identifier: LGPL-2.1-only
/*
 * The parasite's own life: the host thread serves commands from a socket, guests run one command
 * each and wait to be taken home. When the socket ends (criu has died), everybody goes home by
 * himself, and the host takes the mapping with him if no guest can still be in it.
 *
 * All signals are blocked here; the way home (arch_trampoline_build) sets the mask back.
 */
#include <errno.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "arch/sys.h"
#include "compel/inside/inside.h"

void blob_main(struct inside_lane *lane);

#define load(p)	    __atomic_load_n(p, __ATOMIC_SEQ_CST)
#define store(p, v) __atomic_store_n(p, v, __ATOMIC_SEQ_CST)

static void sleep_while(uint32_t *word, uint32_t val)
{
	/* Without a timeout futex(2) needs no restart block: the task's own one stays. */
	while (load(word) == val)
		(void)sys_futex(word, FUTEX_WAIT, val, NULL);
}

static void wake(uint32_t *word)
{
	(void)sys_futex(word, FUTEX_WAKE, INT32_MAX, NULL);
}

static int command(const struct inside_lane *lane, int cmd, size_t size)
{
	const struct inside_ctx ctx = { .home_sp = lane->home_sp };

	return inside_command(&ctx, cmd, (void *)lane->args, size);
}

static void reply(const struct inside_shared *s, uint32_t index, int64_t ret)
{
	const struct inside_reply r = { .lane = index, .ret = ret };

	/* Nobody reads any more: the reader of requests will see that. */
	(void)sys_sendto(s->start.pair[0], &r, sizeof(r), MSG_NOSIGNAL);
}

static void serve(struct inside_shared *s, struct inside_lane *lane)
{
	struct inside_request q;

	while (sys_read(s->start.pair[0], &q, sizeof(q)) == sizeof(q)) {
		const uint64_t *a = q.args;

		if (q.cmd == INSIDE_CMD_SYSCALL)
			reply(s, 0, sys_call6(q.nr, a[0], a[1], a[2], a[3], a[4], a[5]));
		else
			reply(s, 0, command(lane, q.cmd, q.args_size));
	}
}

/* The table is full up to the soft limit: use what the hard one allows, for a moment. */
static int pair_above_limit(int32_t pair[2])
{
	struct rlimit64 old, high;
	int r;

	r = (int)sys_call4(__NR_prlimit64, 0, RLIMIT_NOFILE, 0, &old);
	if (r < 0 || old.rlim_cur == old.rlim_max)
		return -EMFILE;

	high = (struct rlimit64){ old.rlim_max, old.rlim_max };
	if (sys_call4(__NR_prlimit64, 0, RLIMIT_NOFILE, &high, 0) < 0)
		return -EMFILE;

	r = (int)sys_call4(__NR_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
	(void)sys_call4(__NR_prlimit64, 0, RLIMIT_NOFILE, &old, 0);
	return r;
}

/*
 * We are watched here, and stopped behind each system call, until the pair is made or the error
 * is told; the watcher then takes its end and sets is_connected, or he is dead and it stays 0.
 */
static bool meet(struct inside_shared *s)
{
	int32_t *pair = s->start.pair;
	int r;

	r = (int)sys_call4(__NR_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
	if (r == -EMFILE)
		r = pair_above_limit(pair);
	if (r < 0) {
		store(&s->start.error, r);
		(void)sys_getpid(); /* a call to be stopped behind */
		return false;
	}

	(void)sys_close(pair[1]);
	return load(&s->is_connected);
}

static void host(struct inside_shared *s, struct inside_lane *lane)
{
	if (meet(s))
		serve(s, lane);

	store(&s->leaving, 1);
	wake(&s->leaving);
	/* The number may name another file as soon as it is closed: no guest may still use it. */
	for (uint32_t i = 1; i < s->nr_lanes; i++)
		sleep_while(&s->lanes[i].busy, 1);
	if (s->start.pair[0] >= 0)
		(void)sys_close(s->start.pair[0]);

	if (!s->has_guests)
		arch_leave_aim(&lane->leave, s->unmap_pc, __NR_munmap, s->addr, s->size);
}

static void guest(struct inside_shared *s, struct inside_lane *lane)
{
	store(&lane->busy, 1);
	if (!load(&s->leaving)) {
		int ret = command(lane, (int)lane->cmd, lane->args_size);

		if (!load(&lane->mute))
			reply(s, lane->index, ret);
	}
	store(&lane->busy, 0);
	wake(&lane->busy);
	sleep_while(&s->leaving, 0);
}

/* lane->leave leads home by the lane's own trampoline, unless the host finds a better way. */
void blob_main(struct inside_lane *lane)
{
	struct inside_shared *s = (void *)lane->shared;

	if (lane->index == 0)
		host(s, lane);
	else
		guest(s, lane);
}
