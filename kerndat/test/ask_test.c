/* SPDX-License-Identifier: LGPL-2.1-only */
/* Asking: bounded, repeatable, without traces; masks and ways. */
#include "kerndat/test/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "kerndat/child.h"
#include "kerndat/kerndat.h"
#include "kerndat/probe.h"
#include "kerndat/state.h"

#define each_row(row) (int row = KD_NO_ROW + 1; row < KD_ROWS_END; row++)

static struct kerndat *fresh(void)
{
	struct kerndat *kd;

	ok(kerndat_open_uncached(&kd) == 0);
	return kd;
}

static bool same(const struct kd_answer *a, const struct kd_answer *b)
{
	return a->state == b->state && a->err == b->err && a->has_value == b->has_value;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void bounded_in_time(void)
{
	struct kerndat *kd = fresh();

	for each_row (row) {
		double start = seconds();
		struct kd_answer a = kerndat_ask(kd, row);

		ok(a.state != KD_NOT_ASKED, "%s", kerndat_feature(row)->name);
		ok(seconds() - start < KD_BOUND_SECONDS + 1, "%s took %.1f s", kerndat_feature(row)->name,
		   seconds() - start);
	}
}

static int open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d && readdir(d))
		n++;
	closedir(d);
	return n;
}

static char *text_of(const char *path)
{
	char *text = NULL;

	ok(io_slurp_at(AT_FDCWD, path, &text, NULL) == 0, "%s", path);
	return text;
}

static void on_child(int sig)
{
	fprintf(stderr, "SIGCHLD reached us\n");
	_exit(1);
}

static void leave_nothing(void)
{
	static const char *const files[] = { "/proc/self/mountinfo", "/proc/self/limits", "/proc/self/cgroup" };
	struct kerndat *kd = fresh();
	char *before[3];
	int fds;

	signal(SIGCHLD, on_child);
	for (int i = 0; i < 3; i++)
		before[i] = text_of(files[i]);
	fds = open_fds();
	for each_row (row) {
		kerndat_ask(kd, row);
		ok(open_fds() == fds, "%s leaves a descriptor", kerndat_feature(row)->name);
	}
	ok(waitpid(-1, NULL, __WALL | WNOHANG) < 0 && errno == ECHILD, "no child is left");
	for (int i = 0; i < 3; i++)
		ok(!strcmp(before[i], text_of(files[i])), "%s", files[i]);
}

static void warm_all(struct kerndat *kd)
{
	enum kd_row rows[KD_ROWS_END];
	size_t n = 0;

	for each_row (row)
		rows[n++] = row;
	kerndat_warm(kd, rows, n);
}

/* A row may not answer otherwise because others of its lab were asked before. */
static void labs_agree(void)
{
	struct kerndat *alone = fresh(), *together = fresh();

	warm_all(together);
	for each_row (row) {
		struct kd_answer a = kerndat_ask(alone, row), b = kerndat_ask(together, row);

		ok(same(&a, &b), "%s: alone %s (%d, %s), together %s (%d, %s)", kerndat_feature(row)->name,
		   kd_state_name(a.state), a.err, a.why, kd_state_name(b.state), b.err, b.why);
	}
}

/* They end in their own time: with nothing in hand that is ours, and behind us when we close. */
static void labs_hold_nothing(void)
{
	struct kerndat *kd = fresh();
	const enum kd_row slow[] = { KD_TUN_NS, KD_AUTOFS };
	struct pollfd p = { .events = POLLIN };
	int fds[2];

	ok(pipe(fds) == 0);
	kerndat_warm(kd, slow, 2);
	close(fds[1]);
	p.fd = fds[0];
	/* Linux 5.9 can close all that is open at once; before, it closes them when it ends. */
	ok(!kerndat_has(kd, KD_CLOSE_RANGE) || (poll(&p, 1, 0) == 1 && p.revents & POLLHUP), "somebody else has its other end");
	warm_all(kd);
	kerndat_close(kd);
	ok(waitpid(-1, NULL, __WALL | WNOHANG) < 0 && errno == ECHILD, "no child is left");
}

static void *ask_all(void *kd)
{
	for each_row (row)
		kerndat_ask(kd, row);
	return NULL;
}

static void threads_agree(void)
{
	struct kerndat *kd = fresh(), *other = fresh();
	pthread_t t[4];

	for (int i = 0; i < 4; i++)
		ok(pthread_create(&t[i], NULL, ask_all, kd) == 0);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	for each_row (row) {
		struct kd_answer a = kerndat_ask(kd, row), b = kerndat_ask(other, row);

		ok(same(&a, &b), "%s", kerndat_feature(row)->name);
	}
}

/* --- children that misbehave ---------------------------------------------------------------------------- */

static struct kd_answer crash(void *arg)
{
	raise(SIGSEGV);
	return kd_yes();
}

static __attribute__((noreturn)) struct kd_answer hang(void *arg)
{
	for (;;)
		pause();
}

static struct kd_answer vanish(void *arg)
{
	_exit(0);
}

static void bad_children(void)
{
	struct kerndat *kd = fresh();
	double start = seconds();
	struct kd_answer a;

	a = kd_in_child(kd, crash, NULL);
	ok(a.state == KD_CANNOT_TELL && strstr(a.why, "SEGV"), "%s", a.why);
	a = kd_in_child(kd, vanish, NULL);
	ok(a.state == KD_CANNOT_TELL);
	a = kd_in_child(kd, hang, NULL);
	ok(a.state == KD_CANNOT_TELL && a.err == ETIME);
	ok(seconds() - start < KD_BOUND_SECONDS + 2);
}

/* --- masks and ways ------------------------------------------------------------------------------------- */

static int open_masked(const char *mask, struct kerndat **ret_kd)
{
	setenv("KERNDAT_MASK", mask, 1);
	return kerndat_open_uncached(ret_kd);
}

static void masks(void)
{
	struct kerndat *kd;

	ok(open_masked("kcmp=no,openat2=cannot", &kd) == 0);
	ok(kerndat_ask(kd, KD_KCMP).state == KD_NO);
	ok(kerndat_ask(kd, KD_OPENAT2).state == KD_CANNOT_TELL);
	ok(!kerndat_has(kd, KD_OPENAT2) && kerndat_was_masked(kd, KD_OPENAT2));
	ok(!kerndat_was_masked(kd, KD_PIDFD_OPEN));

	ok(open_masked("no_such_row=no", &kd) == -EINVAL);
	ok(open_masked("kcmp=yes", &kd) == -EINVAL);
	ok(open_masked("kcmp", &kd) == -EINVAL);
	ok(open_masked("task_pid/no_such_way=no", &kd) == -EINVAL);
	ok(open_masked("no_such_choice/clone3=no", &kd) == -EINVAL);
	ok(open_masked("task_pid/clone3=cannot", &kd) == -EINVAL);
	ok(open_masked("", &kd) == 0);
}

/* Each way but the last can be closed, and then the next open one is taken. */
static void every_way_can_be_closed(void)
{
	for (int c = 0; c < WAY_CHOICES_END; c++) {
		const struct kd_choice_info *info = kerndat_choice(c);
		char mask[512] = "";

		for (int i = 0; i < KD_WAYS_MAX && info->ways[i].name; i++) {
			size_t n = strlen(mask);
			struct kerndat *kd;
			enum kd_way way;

			ok(open_masked(mask, &kd) == 0);
			way = kerndat_way(kd, c);
			for (int j = 0; j < i; j++)
				ok(way != info->ways[j].way, "%s/%s is masked", info->name, info->ways[j].name);
			kerndat_close(kd);
			snprintf(mask + n, sizeof(mask) - n, "%s%s/%s=no", n ? "," : "", info->name, info->ways[i].name);
		}
		struct kerndat *kd;

		ok(open_masked(mask, &kd) == 0);
		ok(kerndat_way(kd, c) == BY_NONE, "%s: all are closed", info->name);
		kerndat_close(kd);
	}
}

const struct test ask_tests[] = {
	{ "ask_bounded_in_time", bounded_in_time },
	{ "ask_leave_nothing", leave_nothing },
	{ "ask_labs_agree", labs_agree },
	{ "ask_labs_hold_nothing", labs_hold_nothing },
	{ "ask_threads_agree", threads_agree },
	{ "ask_bad_children", bad_children },
	{ "mask_rows_and_errors", masks },
	{ "ways_every_one_can_be_closed", every_way_can_be_closed },
	{ 0 },
};
