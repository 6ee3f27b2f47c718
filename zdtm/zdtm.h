/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test program is made of.
 *
 *	#include "zdtm.h"
 *
 *	TEST(.does = "a pipe keeps what was written into it");
 *
 *	void test(void)
 *	{
 *		...set the thing up...
 *		checkpoint_and_restore();
 *		...look at it again; ok_...() ends the program at the first thing that is wrong...
 *	}
 *
 * The program is one process, the root of its tree; child() and thread() make more. It starts as
 * a session leader in an empty directory of its own, stdin from /dev/null, stdout and stderr
 * appended to a file. SIGTERM is blocked everywhere and belongs to the library: it tells a
 * process which stands in checkpoint_and_restore() to go on. Nothing else disturbs: no
 * descriptor, no mapping, no thread of the library exists while the checkpoint is taken.
 *
 * Exit status: 0 passed, 1 failed, 77 skipped; the reason is the last line written.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HOST = 1, NS = 2, USERNS = 4 };		/* .flavours: the namespaces it may be run in */
enum { ROOT = 1, USER = 2, BOTH = 3 };		/* .as: who may run it */

struct zdtm_test {
	const char *does;	  /* one sentence: what is kept */
	int flavours;		  /* 0: all of them */
	int as;			  /* 0: BOTH */
	const char *needs;	  /* feature names as in `criu check --feature`, by blanks */
	const char *refused;	  /* dump must refuse with this text in its log, and the tree live on */
	const char *opts;	  /* more options for dump and restore, by blanks */
	const char *dump_opts;	  /* for dump alone */
	const char *restore_opts; /* for restore alone */
	const char *between;	  /* shell command in the folder of the test, run after the dump... */
	const char *restore_refused; /* ...so that restore must refuse with this text in its log... */
	const char *undo;	  /* ...and succeed after this command */
	const char *peer;	  /* why CRIU 4.2 cannot do this; interop runs skip it */
	const char *once;	  /* why one round is all there can be: left out where there are more */
	const char *may_differ;	  /* "PATTERN[,PATTERN]: why": what of /proc need not come back */
	const char *outside;	  /* what the runner plays for the test, see README.md */
	int seconds;		  /* time limit of a run when 60 are not enough */
};

/* Before C23 an initializer that names a field twice warns, so defaults are zeros: see above. */
#define TEST(...) const struct zdtm_test zdtm_test = { __VA_ARGS__ }
extern const struct zdtm_test zdtm_test;

/* The test itself; returning from it is success. */
void test(void);

/*
 * In the root task: tell the runner that all is set up, and wait for its word to go on. In a
 * child(): tell the parent, and wait for child_go(). In between the tree is dumped and restored,
 * possibly many times, or left running.
 */
void checkpoint_and_restore(void);

/* For a root task that announces here and waits somewhere else, e.g. in the call under test. */
void announce(void);
/* The second half: wait for SIGTERM. */
void wait_for_word(void);

/* --- processes and threads -------------------------------------------------------------------- */

/* Fork; the child runs fn(arg) and exits 0. Returns when the child calls checkpoint_and_restore(). */
pid_t child(void (*fn)(void *arg), void *arg);
/* The same with clone flags of its own (CLONE_FILES, CLONE_FS, ...; SIGCHLD is added). */
pid_t child_clone(unsigned long flags, void (*fn)(void *arg), void *arg);
/* Tell a child to go on. */
void child_go(pid_t pid);
/* Wait for its end, expect exit status 0. */
void child_ended(pid_t pid);
/* Both. */
void child_ok(pid_t pid);
/* For a child that does not come back from its set-up (it blocks or execs): call this before. */
void child_ready(void);
/* Block until task @tid of this tree sleeps in the kernel (state S), e.g. inside the call under test. */
void wait_asleep(pid_t tid);
/* The same for any state letter of /proc/PID/stat. */
void wait_state(pid_t tid, char state);

/* A thread that runs fn(arg); returns when it called thread_ready(). */
pthread_t thread(void (*fn)(void *arg), void *arg);
/* In a thread: it is set up; wait for threads_go(). */
void thread_wait(void);
/* In a thread: it is set up, do not wait. */
void thread_ready(void);
/* Let all threads out of thread_wait(); join them with thread_ok(). */
void threads_go(void);
void thread_ok(pthread_t t);

static inline pid_t gettid_(void)
{
	return (pid_t)syscall(SYS_gettid);
}

/* --- checks: each prints file, line, the expression and the values, and ends the program ------ */

#define ok(cond) ((cond) ? (void)0 : zdtm_fail(__FILE__, __LINE__, "%s is not true", #cond))
#define ok_eq(got, want) zdtm_ok_eq(__FILE__, __LINE__, #got, (intmax_t)(got), #want, (intmax_t)(want))
#define ok_ne(got, not) zdtm_ok_ne(__FILE__, __LINE__, #got, (intmax_t)(got), #not, (intmax_t)(not))
#define ok_ge(got, low) zdtm_ok_ge(__FILE__, __LINE__, #got, (intmax_t)(got), #low, (intmax_t)(low))
#define ok_le(got, high) zdtm_ok_ge(__FILE__, __LINE__, #high, (intmax_t)(high), #got, (intmax_t)(got))
#define ok_ptr(got, want) \
	zdtm_ok_eq(__FILE__, __LINE__, #got, (intmax_t)(uintptr_t)(got), #want, (intmax_t)(uintptr_t)(want))
#define ok_str(got, want) zdtm_ok_str(__FILE__, __LINE__, #got, got, want)
#define ok_mem(got, want, n) zdtm_ok_mem(__FILE__, __LINE__, #got, got, want, n)
/* The call must not return -1; gives its value. */
#define ok_sys(call) \
	({ intmax_t zdtm_s_ = zdtm_ok_sys(__FILE__, __LINE__, #call, (intmax_t)(call)); (__typeof__(call))zdtm_s_; })
#define ok_fd(call) ok_sys(call)
#define ok_zero(call) zdtm_ok_zero(__FILE__, __LINE__, #call, (intmax_t)(call))
/* The call must fail with this errno. */
#define ok_errno(call, err)                                                                    \
	do {                                                                                   \
		errno = 0;                                                                     \
		intmax_t zdtm_r_ = (intmax_t)(call);                                           \
		zdtm_ok_errno(__FILE__, __LINE__, #call, zdtm_r_, errno, err, #err);           \
	} while (0)
#define ok_map(call)                                                                           \
	({                                                                                     \
		void *zdtm_p_ = (call);                                                        \
		if (zdtm_p_ == MAP_FAILED)                                                     \
			zdtm_fail(__FILE__, __LINE__, "%s: %s", #call, strerror(errno));       \
		zdtm_p_;                                                                       \
	})
/* For calls that return an error number (pthread_...). */
#define ok_pt(call)                                                                            \
	do {                                                                                   \
		int zdtm_e_ = (call);                                                          \
		if (zdtm_e_)                                                                   \
			zdtm_fail(__FILE__, __LINE__, "%s: %s", #call, strerror(zdtm_e_));     \
	} while (0)
#define fail(...) zdtm_fail(__FILE__, __LINE__, __VA_ARGS__)

/* This machine cannot run the test. Only before the checkpoint. */
void skip(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
/* A line in the log of the test. */
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void zdtm_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), noreturn));
void zdtm_ok_eq(const char *file, int line, const char *gs, intmax_t got, const char *ws, intmax_t want);
void zdtm_ok_ne(const char *file, int line, const char *gs, intmax_t got, const char *ws, intmax_t not);
void zdtm_ok_ge(const char *file, int line, const char *gs, intmax_t got, const char *ws, intmax_t low);
void zdtm_ok_str(const char *file, int line, const char *gs, const char *got, const char *want);
void zdtm_ok_mem(const char *file, int line, const char *gs, const void *got, const void *want, size_t n);
intmax_t zdtm_ok_sys(const char *file, int line, const char *cs, intmax_t r);
void zdtm_ok_zero(const char *file, int line, const char *cs, intmax_t r);
void zdtm_ok_errno(const char *file, int line, const char *cs, intmax_t r, int got, int want, const char *ws);

/* --- help ------------------------------------------------------------------------------------- */

/* Fill with, and check for, a pattern that depends on @seed and the place. */
void pattern(void *buf, size_t n, uint32_t seed);
bool is_pattern(const void *buf, size_t n, uint32_t seed);
#define ok_pattern(buf, n, seed) ok(is_pattern(buf, n, seed))

size_t page_size(void);
/* The file of /proc of this process, whole, in one static buffer. */
const char *proc_read(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The text behind "KEY:" in a file of that form, in a static buffer; fails when it is absent. */
const char *proc_field(const char *key, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The field, numbered as in proc_pid_stat(5), of /proc/TID/stat. */
long long stat_field(pid_t tid, int nr);
/* A value in kB of the mapping that holds @addr, from /proc/self/smaps; -1 when there is no such mapping. */
long smaps_kb(const void *addr, const char *key);
/* Has the mapping that holds @addr this two-letter flag in its VmFlags? */
bool smaps_flag(const void *addr, const char *flag);
/* The text of readlink(2), in a static buffer. */
const char *link_of(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Bits of /proc/self/pagemap for @addr. */
uint64_t pagemap_of(const void *addr);
/* Seconds of a clock. */
double now(clockid_t clock);
