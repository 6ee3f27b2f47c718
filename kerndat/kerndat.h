/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * kerndat: what this kernel, this machine and these privileges can do.
 *
 * One handle holds all that has been learned; there is no hidden global state:
 *
 *	struct kerndat *kd;
 *	int r = kerndat_open(&kd);			no probe runs here
 *	...
 *	if (kerndat_has(kd, KD_PIDFD_OPEN))		probed now, or known from the cache
 *	switch (kerndat_way(kd, WAY_PAGES_POPULATED))	picks the best way, logs it once
 *	...
 *	kerndat_close(kd);				what was learned goes into the cache file
 *
 * A question costs what it asks: a row is probed when it is first asked for, and an answer of an
 * earlier run is taken from the cache when everything it depends on is the same (see scope).
 *
 * Handles and processes: a handle may be used by several threads at once, and by a forked child
 * for as long as the child has the namespaces and privileges of its parent; one that changes them
 * opens a handle of its own (opening one costs no system call). Only the first
 * process that learned something by a handle writes the cache file. Two that ask the same row at the same
 * time may both probe it: probes leave nothing behind, so no lock is held over one.
 *
 * KERNDAT_MASK in the environment forces answers, for tests:
 *	KERNDAT_MASK="pagemap_scan=no,kcmp=cannot,task_pid/clone3=no"
 * names are those of `criu check --list`, or CHOICE/WAY of `criu check --ways`; `=no` and
 * `=cannot` are the words. A masked answer is never written to the cache.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kerndat;

enum kd_state {
	KD_NOT_ASKED,
	KD_YES,
	KD_NO,
	KD_CANNOT_TELL, /* the question failed: never taken for a no, never relied on as a yes */
};

/* What `criu check` makes of a row that is not there. */
enum kd_class {
	KD_NEEDED = 1,	 /* category 1: "Does not look good." */
	KD_EXTRA,	 /* category 2, --extra: some trees cannot be dumped or restored */
	KD_EXPERIMENTAL, /* category 3, --experimental */
	KD_INFO,	 /* a fact about the host; no answer is better than another */
};

/*
 * What an answer depends on, which is what its key in the cache is made of. Each holds what the
 * one above holds. Nothing is kept in the file while a seccomp filter is in force on us: two
 * filters cannot be told apart from inside.
 */
enum kd_scope {
	KD_BOOT = 1, /* kernel and CPU: boot id, utsname, auxv */
	KD_NS,	     /* + the namespaces and the root directory we are in */
	KD_CALLER,   /* + our ids, capabilities, no_new_privs, LSM label */
	KD_LIVE,     /* may change at any moment (sysctls, mounts, modules): kept for this run only */
};

/* Rows whose children can be one child (lab.c): those that make one namespace after the other, and all others. */
enum kd_lab { KD_NO_LAB, KD_LAB_MAIN, KD_LAB_NS, KD_LABS_END };

struct kd_answer {
	enum kd_state state;
	int err;	/* errno behind a no or a cannot tell; 0 if there is none */
	bool has_value;
	uint64_t value; /* a size, a version, a mask: the row's text says which */
	char why[96];	/* reason in words, "" if there is nothing to add */
};

enum kd_row {
	KD_NO_ROW,
#define FEATURE(id, ...) KD_##id,
#include "kerndat/features.h"
#undef FEATURE
	KD_ROWS_END,
};

struct kd_feature {
	const char *name;    /* as in `criu check --feature` */
	const char *group;   /* task, mem, fd, ns, net, cgroup, cpu, security, caps, host */
	const char *what;    /* what it is, a few words */
	const char *since;   /* first Linux with it, "" where it has always been or depends on the host */
	const char *commit;  /* for readers */
	const char *config;  /* kernel option, "" if none */
	enum kd_class class;
	enum kd_scope scope;
	struct kd_answer (*probe)(struct kerndat *kd, const struct kd_feature *row);
	enum kd_lab lab;     /* asked in a child, which it may share with others of the lab */
	enum kd_row unless;  /* where that one is there, this one is not held against the host */
	long arg;	     /* for probes that serve many rows */
	const char *path;    /* the same */
	const char *lost;    /* what the engine cannot do without it */
	const char *instead; /* what it does then; "" if nothing */
	const char *helps;   /* what the user can do about a missing one; "" if nothing */
};

/*
 * A new handle. Reads KERNDAT_MASK (-EINVAL, with an error line, for a name or word in it that
 * does not exist); nothing else happens before the first question.
 */
int kerndat_open(struct kerndat **ret_kd);

/* The same without the cache file: neither read nor written. */
int kerndat_open_uncached(struct kerndat **ret_kd);

/* Writes the cache file if something new was learned, and frees @kd; no child is left. NULL is fine. */
void kerndat_close(struct kerndat *kd);

/*
 * The same for a process that ends now: a child of kerndat_warm() that has answered may still be ending, slowly, and is
 * left to whoever inherits our children. It holds no descriptor of ours (Linux 5.9).
 */
void kerndat_leave(struct kerndat *kd);

/* Is it there, for us, now? False for no and for cannot tell. */
bool kerndat_has(struct kerndat *kd, enum kd_row row);

/* The whole answer. */
struct kd_answer kerndat_ask(struct kerndat *kd, enum kd_row row);

/* The value of a row that has one, else 0. */
uint64_t kerndat_value(struct kerndat *kd, enum kd_row row);

/*
 * Ask many at once: what needs a child shares a few. For who knows that he will need them all;
 * nothing is lost by asking one by one but time.
 */
void kerndat_warm(struct kerndat *kd, const enum kd_row *rows, size_t count);

/* The row itself, for texts. */
const struct kd_feature *kerndat_feature(enum kd_row row);

/* Row of a name; -ENOENT. */
int kerndat_find(const char *name);

/* Was the answer taken from the cache file / forced by KERNDAT_MASK? (for `criu check --explain`) */
bool kerndat_was_cached(struct kerndat *kd, enum kd_row row);
bool kerndat_was_masked(struct kerndat *kd, enum kd_row row);

/* "yes", "no", "cannot tell". */
const char *kd_state_name(enum kd_state state);

/* --- the ways (kerndat/ways.h) --------------------------------------------------------------- */

/* What is to be chosen: WAY_TASK_PID, WAY_PAGES_POPULATED, ... */
enum kd_choice {
#define CHOICE(id, name, what, ...) WAY_##id,
#include "kerndat/ways.h"
#undef CHOICE
	WAY_CHOICES_END,
};

/* The named ways: BY_CLONE3, BY_PAGEMAP_SCAN, ...; BY_NONE: none is open here. */
enum kd_way {
	BY_NONE,
#define WAY(id, ...) BY_##id,
#define CHOICE(id, name, what, ...) __VA_ARGS__
#include "kerndat/ways.h"
#undef CHOICE
#undef WAY
	BY_WAYS_END,
};

#define KD_WAYS_MAX 4 /* ways a choice */

struct kd_way_info {
	enum kd_way way;
	const char *name;
	enum kd_row needs[3]; /* all of them; 0 ends */
};

struct kd_choice_info {
	const char *name;
	const char *what;
	struct kd_way_info ways[KD_WAYS_MAX]; /* best first; a NULL name ends */
};

/*
 * The best way that is open, logged at info level the first time it is picked. BY_NONE if there
 * is none: the caller refuses by name what needed it.
 */
enum kd_way kerndat_way(struct kerndat *kd, enum kd_choice choice);

/* Is this very way open? For callers that fall back at run time. */
bool kerndat_way_open(struct kerndat *kd, enum kd_choice choice, enum kd_way way);

const struct kd_choice_info *kerndat_choice(enum kd_choice choice);
