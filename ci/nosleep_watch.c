// SPDX-License-Identifier: GPL-2.0-only
/*
 * nosleep_watch PROGRAM ARGUMENT...
 *
 * Run a program, and all that it starts, with a filter that ends with SIGSYS whoever waits for time to pass: sleeps,
 * yields, starts a timer of its own, or waits for an event and looks again after a while.
 * What the filter cannot see is behind a pointer: rt_sigtimedwait() and setitimer() are for ci/waits to watch.
 */
#include <endian.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ALLOW	 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define END	 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define LOAD(at) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at)
#define LOW(n)	 (offsetof(struct seccomp_data, args[n]) + (__BYTE_ORDER == __BIG_ENDIAN ? 4 : 0))
#define HIGH(n)	 (offsetof(struct seccomp_data, args[n]) + (__BYTE_ORDER == __BIG_ENDIAN ? 0 : 4))
#define SKIP_UNLESS(value, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, n)
#define SKIP_IF(value, n)     BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, n, 0)
#define SKIP_FROM(value, n)   BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, value, n, 0)

/* With the number of the call loaded, as it is after each of these: */
#define NEVER(nr) SKIP_UNLESS(nr, 1), END
/* Argument @n is an int: -1 (no limit), 0 (no wait), or seconds, the bound of a kerndat probe that hangs. */
#define NO_LIMIT(nr, n) SKIP_UNLESS(nr, 5), LOAD(LOW(n)), SKIP_IF(0, 2), SKIP_FROM(1000, 1), END, ALLOW
/* Argument @n points to a time: it must not. */
#define NO_TIME(nr, n) SKIP_UNLESS(nr, 6), LOAD(LOW(n)), SKIP_UNLESS(0, 2), LOAD(HIGH(n)), SKIP_IF(0, 1), END, ALLOW

static struct sock_filter rules[] = {
	LOAD(offsetof(struct seccomp_data, nr)),
	NEVER(__NR_clock_nanosleep),
	NEVER(__NR_sched_yield),
	NEVER(__NR_timer_settime),
	NEVER(__NR_timerfd_settime),
	NEVER(__NR_pselect6),
	NO_TIME(__NR_ppoll, 2),
	NO_TIME(__NR_recvmmsg, 4),
	NO_TIME(__NR_semtimedop, 3),
	NO_TIME(__NR_io_getevents, 4),
	NO_LIMIT(__NR_epoll_pwait, 3),
#ifdef __NR_nanosleep
	NEVER(__NR_nanosleep),
#endif
#ifdef __NR_select
	NEVER(__NR_select),
#endif
#ifdef __NR_poll
	NO_LIMIT(__NR_poll, 2),
#endif
#ifdef __NR_epoll_wait
	NO_LIMIT(__NR_epoll_wait, 3),
#endif
#ifdef __NR_epoll_pwait2
	NO_TIME(__NR_epoll_pwait2, 3),
#endif
#ifdef __NR_futex_waitv
	NO_TIME(__NR_futex_waitv, 3),
#endif
	/* Only the waiting kinds have a time there. */
	SKIP_IF(__NR_futex, 1),
	ALLOW,
	LOAD(LOW(1)),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, FUTEX_CMD_MASK),
	SKIP_IF(FUTEX_WAIT, 3),
	SKIP_IF(FUTEX_WAIT_BITSET, 2),
	SKIP_IF(FUTEX_LOCK_PI, 1),
	ALLOW,
	LOAD(LOW(3)),
	SKIP_UNLESS(0, 2),
	LOAD(HIGH(3)),
	SKIP_IF(0, 1),
	END,
	ALLOW,
};

int main(int argc, char **argv)
{
	const struct sock_fprog prog = { .filter = rules, .len = sizeof(rules) / sizeof(rules[0]) };

	if (argc < 2) {
		fprintf(stderr, "usage: nosleep_watch PROGRAM ARGUMENT...\n");
		return 2;
	}
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) < 0) {
		perror("nosleep_watch: seccomp filter");
		return 77;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 2;
}
