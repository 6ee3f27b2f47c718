// SPDX-License-Identifier: GPL-2.0-only
#include "timens.h"

#include <linux/futex.h>
#include <sys/timerfd.h>

TEST(.does = "in a time namespace, whatever waits for a point in time ends at that point of its clock: timers, timerfds, sleeps, futexes",
     .as = ROOT, .needs = "timens",
     .may_differ = "fdinfo *, ShdPnd: timers run, and may end before the last round");

static struct timespec end;

static bool is_due(clockid_t clock)
{
	double t = now(clock), want = end.tv_sec + end.tv_nsec / 1e9;

	/* Not before; and not by the clock of the host, which is a million seconds away. */
	return t >= want - 1e-6 && t < want + 60;
}

static void sleeper(void *arg)
{
	child_ready();
	ok_eq(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL), 0);
	ok(is_due(CLOCK_MONOTONIC));
	wait_for_word();
}

static void futex_waiter(void *arg)
{
	uint32_t word = 0;

	child_ready();
	while (syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, &end, NULL, FUTEX_BITSET_MATCH_ANY) < 0 && errno == EINTR)
		;
	ok_eq(errno, ETIMEDOUT);
	ok(is_due(CLOCK_MONOTONIC));
	wait_for_word();
}

static int timer_on(clockid_t clock, int sig)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig };
	struct itimerspec set = { .it_value = end };
	int id;

	ok_sys(syscall(SYS_timer_create, clock, &ev, &id));
	ok_sys(syscall(SYS_timer_settime, id, TIMER_ABSTIME, &set, NULL));
	return id;
}

static int timerfd_on(clockid_t clock)
{
	struct itimerspec set = { .it_value = end };
	int fd = ok_fd(timerfd_create(clock, 0));

	ok_sys(timerfd_settime(fd, TFD_TIMER_ABSTIME, &set, NULL));
	return fd;
}

static void wait_for_signal(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	while (sigwaitinfo(&set, NULL) < 0)
		ok_eq(errno, EINTR);
}

void test(void)
{
	int monotonic, boottime;
	pid_t a, b;
	uint64_t n;
	sigset_t set;

	/* Both clocks show the same from here on, so one point in time is enough. */
	time_namespace(1000000, (long)(1000000 + now(CLOCK_MONOTONIC) - now(CLOCK_BOOTTIME)));
	ok_sys(clock_gettime(CLOCK_MONOTONIC, &end));
	end.tv_sec += 3;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 2);
	sigaddset(&set, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &set, NULL);
	a = child(sleeper, NULL);
	b = child(futex_waiter, NULL);
	timer_on(CLOCK_MONOTONIC, SIGRTMIN + 2);
	timer_on(CLOCK_BOOTTIME, SIGRTMIN + 3);
	monotonic = timerfd_on(CLOCK_MONOTONIC);
	boottime = timerfd_on(CLOCK_BOOTTIME);
	wait_asleep(a);
	wait_asleep(b);
	checkpoint_and_restore();

	wait_for_signal(SIGRTMIN + 2);
	ok(is_due(CLOCK_MONOTONIC));
	wait_for_signal(SIGRTMIN + 3);
	ok(is_due(CLOCK_BOOTTIME));
	ok_eq(read(monotonic, &n, sizeof(n)), sizeof(n));
	ok_eq(n, 1);
	ok_eq(read(boottime, &n, sizeof(n)), sizeof(n));
	ok_eq(n, 1);
	child_ok(a);
	child_ok(b);
}
