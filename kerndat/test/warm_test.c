/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A warm start: all that a dump asks, known from the file. Its system calls are counted one by one; its time is measured by
 * `kerndat --warm`, for ci/bench.
 *
 * The rule: reading what the answers depend on is one thing, all else that a start does is another, and is at most five calls.
 * To the first belong uname, what looks a path up below /proc/self/ or at the boot id, and what is done with a
 * descriptor got so until it is closed. Nothing else does: the cache file, who we are, and whether we are filtered count.
 */
#include "kerndat/test/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/own.h"
#include "kerndat/kerndat.h"

#define MAX_CALLS 5

/* What the engine asks in a dump or a restore that has need of everything: the ways, and some rows. */
static void ask_as_dump(bool *ret_cached)
{
	static const enum kd_row rows[] = {
		KD_MEM_DIRTY_TRACK, KD_PAGEMAP_SCAN_GUARD_PAGES, KD_SECCOMP_SUSPEND, KD_SECCOMP_FILTERS, KD_COMPAT_CR, KD_PKEYS,
	};
	struct kerndat *kd;

	ok(kerndat_open(&kd) == 0);
	for (int choice = 0; choice < WAY_CHOICES_END; choice++)
		(void)kerndat_way(kd, choice);
	*ret_cached = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (kerndat_ask(kd, rows[i]).state != KD_CANNOT_TELL && !kerndat_was_cached(kd, rows[i]))
			*ret_cached = false;
	kerndat_close(kd);
}

/* --- counting --------------------------------------------------------------------------------------- */

struct count {
	pid_t pid;
	int mem;	  /* its /proc/PID/mem */
	bool is_key[64];  /* a descriptor that was got to read what the answers depend on */
	int keys, others; /* calls of either kind */
	char list[1024];  /* the others, for people */
};

static bool is_key_path(const struct count *c, uint64_t addr)
{
	char path[64] = "";

	(void)!pread(c->mem, path, sizeof(path) - 1, (off_t)addr);
	return !strncmp(path, "/proc/self/", 11) || !strcmp(path, "/proc/sys/kernel/random/boot_id");
}

static bool takes_path_at_1(uint64_t nr)
{
	switch (nr) {
	case SYS_openat:
#ifdef SYS_newfstatat
	case SYS_newfstatat:
#endif
	case SYS_statx:
	case SYS_readlinkat:
		return true;
	}
	return false;
}

/* One call, at its entry. True: it reads what the answers depend on. */
static bool is_key_call(struct count *c, const struct __ptrace_syscall_info *info)
{
	uint64_t fd = info->entry.args[0];
	bool known = fd < 64 && c->is_key[fd];

	if (info->entry.nr == SYS_uname)
		return true;
	if (takes_path_at_1(info->entry.nr))
		return is_key_path(c, info->entry.args[1]);
	if (known && info->entry.nr == SYS_close)
		c->is_key[fd] = false;
	return known && (info->entry.nr == SYS_read || info->entry.nr == SYS_close);
}

/* Until the next call, or its end. */
static void step(const struct count *c, struct __ptrace_syscall_info *info)
{
	int status;

	ok(ptrace(PTRACE_SYSCALL, c->pid, NULL, NULL) == 0 && waitpid(c->pid, &status, 0) == c->pid, "%s", strerror(errno));
	ok(WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80), "status %#x", status);
	memset(info, 0, sizeof(*info));
	if (ptrace(PTRACE_GET_SYSCALL_INFO, c->pid, sizeof(*info), info) < 0)
		skip("no PTRACE_GET_SYSCALL_INFO");
}

/* All calls up to that of kill, which is none of the start's. */
static void count_calls(struct count *c)
{
	struct __ptrace_syscall_info info;
	size_t n = 0;

	for (;;) {
		bool opens, key;

		do
			step(c, &info);
		while (info.op != PTRACE_SYSCALL_INFO_ENTRY);
		if (info.entry.nr == SYS_kill)
			return;
		opens = info.entry.nr == SYS_openat;
		key = is_key_call(c, &info);
		if (!key && n < sizeof(c->list))
			n += (size_t)snprintf(c->list + n, sizeof(c->list) - n, " %d", (int)info.entry.nr);
		*(key ? &c->keys : &c->others) += 1;
		step(c, &info);
		if (opens && key && !info.exit.is_error && info.exit.rval < 64)
			c->is_key[info.exit.rval] = true;
	}
}

/* Stopped before the start; a signal that is none ends it. */
static int tracee(void)
{
	pid_t me = getpid();
	bool cached;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		_exit(77);
	syscall(SYS_kill, me, SIGSTOP);
	ask_as_dump(&cached);
	syscall(SYS_kill, me, 0);
	_exit(!cached);
}

static void fresh_file(void)
{
	bool cached;

	private_tmpfs("/run");
	private_tmpfs("/dev/shm");
	setenv("XDG_RUNTIME_DIR", "/run", 1);
	ask_as_dump(&cached);
	ok(!cached, "nothing is known yet");
}

static void few_calls(void)
{
	struct count c = { 0 };
	char path[64];
	int status;

	fresh_file();
	c.pid = fork();
	if (c.pid == 0)
		tracee();
	ok(waitpid(c.pid, &status, 0) == c.pid);
	if (WIFEXITED(status))
		skip("ptrace is not allowed");
	ok(ptrace(PTRACE_SETOPTIONS, c.pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) == 0);
	snprintf(path, sizeof(path), "/proc/%d/mem", c.pid);
	c.mem = open(path, O_RDONLY | O_CLOEXEC);
	ok(c.mem >= 0, "%s", strerror(errno));

	count_calls(&c);
	ok(ptrace(PTRACE_DETACH, c.pid, NULL, NULL) == 0);
	ok(waitpid(c.pid, &status, 0) == c.pid && status == 0, "all was known, and it ended well: status %#x", status);
	/* What is not found here was not counted right: all three scopes were read. */
	ok(c.keys > 10, "%d calls to read what answers depend on", c.keys);
	ok(c.others <= MAX_CALLS, "%d calls, by number:%s", c.others, c.list);
}

const struct test warm_tests[] = {
	{ "warm_few_calls", few_calls },
	{ 0 },
};

/* --- measuring ---------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void warm_time(void)
{
	uint64_t took[100];
	bool cached;

	fresh_file();
	for (size_t i = 0; i < 100; i++) {
		struct timespec a, b;

		clock_gettime(CLOCK_MONOTONIC, &a);
		ask_as_dump(&cached);
		clock_gettime(CLOCK_MONOTONIC, &b);
		ok(cached, "all is known by now");
		took[i] = (uint64_t)((b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec);
	}
	qsort(took, 100, sizeof(took[0]), by_size);
	printf("%lu\n", (unsigned long)((took[49] + took[50]) / 2 / 1000));
}
