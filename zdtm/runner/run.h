/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The runner: finds the tests, runs each in a pid namespace of its own, prints the verdicts.
 *
 *	main.c     options, and what to run
 *	catalog.c  the tests, as they describe themselves
 *	pool.c     many runs at a time; the lines and the count
 *	stage.c    inside the pid namespace: starts the test, waits for it
 *	act.c      what is done to it: rounds, leave-running, refusals
 *	harm.c     faults, kills and interruptions in the middle of a dump or a restore
 *	foretell.c --check-tree: asks before each dump, and compares with what the dump does
 *	call.c     calls criu, with a time limit
 *	reach.c    copies of what an ordinary user cannot get to
 *	snap.c     what /proc shows of a tree, as lines of key and value
 *	trail.c    what the tree and we leave on disk, as such lines
 *	diff.c     two such, compared
 *	script.c   programs that are no tests of ours, driven by a script
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

enum { MODE_HOST, MODE_NS, MODE_USERNS, MODES };
enum { AS_ROOT, AS_USER, ASES };
enum { PASS = 0, FAIL = 1, SKIP = 77 };

#define TEST_UID 18943

extern const char *const mode_names[MODES];
extern const char *const as_names[ASES];

struct test {
	char *name;		/* "fd/eventfd_counter_64bit" */
	char *path;
	char *does, *needs, *refused, *opts, *dump_opts, *restore_opts, *peer, *may_differ, *outside;
	char *between, *restore_refused, *undo, *once;
	const char *cannot;	/* why it cannot be run on this machine at all */
	bool modes[MODES], as[ASES];
	bool is_script;		/* a program driven by a script, zdtm/programs/ */
	int seconds;
	int rounds;		/* of a script */
};

struct options {
	const char *dump_criu, *restore_criu;
	const char *crit;		/* reads a folder of images; see ci/crit_all */
	const char *compare;		/* compares two folders of images of one tree; see ci/same_fields */
	const char *fault, *restore_fault, *mask;
	const char *tests;		/* the folder of the built tests */
	const char *keep_dir;		/* where runs happen */
	char **patterns;
	int n_patterns;
	int rounds;			/* 0: as the test says, or 1 */
	int kill_at, kill_of;		/* kill criu at kill_at/kill_of of its dump; kill_at 0: at each of them */
	int kill_signal;		/* SIGKILL, SIGTERM, ... */
	int jobs;
	int slow;			/* factor of all time limits */
	bool modes[MODES], as[ASES];
	bool peer_dumps, peer_restores;	/* that criu is CRIU 4.2 itself */
	bool kill_restore;		/* kill_at is about restore, not dump */
	bool check_images;		/* ask criu check --images before each restore */
	bool excepted;			/* only what .peer says it cannot do, and it must fail */
	bool leave_running, undisturbed, check_tree, keep, list, tap;
};

/* One run of one test. */
struct run {
	const struct options *o;
	const struct test *t;
	int mode, as;
	char *dir;		/* its folder: task/ (cwd of the test), out, log, img.N/ */
};

/* catalog.c: all tests below o->tests, sorted by name. -errno on failure. */
int catalog_read(const struct options *o, struct test **ret_tests, int *ret_n);

/* pool.c: exit status of the program. */
int pool_run(const struct options *o, const struct test *tests, int n);

void remove_tree(const char *dir);

/* stage.c: the whole run, called as pid 1 of the namespace. Returns the verdict, reason in r->dir/reason. */
int stage_run(struct run *r);

/* --- within a stage ----------------------------------------------------------------------------- */

struct stage {
	struct run *r;
	pid_t root;		/* the root task of the test */
	bool root_ended;
	int root_status;
	int sigchld;		/* signalfd */
	int inotify;		/* on the output of the test */
	char *out;		/* path of that output */
	int output;		/* the test's own description of it, until it is ready */
	int master, terminal;	/* of .outside = "terminal"; else 0 */
};

/* Wait for @pid to end, reaping all others. 0, or -ETIMEDOUT. */
int stage_wait(struct stage *s, pid_t pid, int ms, int *ret_status);
/* Reap until no child is left but @except (0: none). 0 or -ETIMEDOUT. */
int stage_reap_all(struct stage *s, pid_t except, int ms);
/* Wait for a line in the output of the test. 0, -ETIMEDOUT, or -ESRCH when the root ended first. */
int stage_wait_line(struct stage *s, const char *line, int ms);
/* Write the reason of a verdict, and return it. */
int verdict(struct run *r, int v, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Why a time limit was missed: what /proc tells of every process here. */
void stage_explain(FILE *to);

struct snap;

/* act.c: the checkpoint and restore of the started, ready test. The verdict. */
int act(struct stage *s);
/* One dump and restore, /proc not compared. */
int act_round(struct stage *s);
/* One dump, which must refuse as the test says. */
int act_refused(struct stage *s);

/* Its steps, each a verdict. The same folder is never made twice. */
char *act_new_img(struct stage *s, const char *what);
int act_failed(struct stage *s, const char *img, const char *verb, int r, const char *how);
int act_compare(struct stage *s, const struct snap *before, const char *when);
int act_dump(struct stage *s, const char *img, const char *extra);
int act_bury(struct stage *s);
int act_restore(struct stage *s, const char *img);
int act_rounds(struct stage *s, const struct snap *before);

/* foretell.c: exit status of `criu check --tree`; then whether that was right. Both do nothing without --check-tree. */
int foretell(struct stage *s, const char *img);
int foretold(struct stage *s, const char *img, int said, bool dumped);

/* harm.c: what --fault, --restore-fault, --kill-at, --restore-kill-at ask for. */
int harm(struct stage *s, const struct snap *before);

/* script.c: an ordinary program in place of a test. */
int script_read(struct test *t);
/* Become its program; returns only on failure. */
void script_exec(const struct test *t);
int script_act(struct stage *s);

/* reach.c: @path, or a copy in the run's folder named @name where the run's user cannot get to @path. NULL with errno. To be freed. */
char *reach(const struct run *r, const char *path, const char *name);

/* call.c */
struct call {
	const char *verb;	/* dump, restore, check (of the tree) */
	const char *img;	/* folder of the images */
	const char *extra;	/* more options, by blanks; may be NULL */
	bool by_restorer;	/* a dump by o->restore_criu */
	const char *fault;	/* CRIU_FAULT_AT; may be NULL */
	long kill_us;		/* >= 0: kill_signal after that time */
	int kill_signal;
	long took_us;		/* returned */
};
/* Exit status, 128 + signal, or -ETIMEDOUT (then it was killed). */
int criu_call(struct stage *s, struct call *c);
/* Print the end of a log of criu. */
void criu_log_tail(const char *img, const char *verb, FILE *to);
/* Does the log hold this text? */
bool criu_log_has(const char *img, const char *verb, const char *text);
/* Does `criu check --feature` say yes? Remembered. */
bool criu_has(const char *criu, const char *feature);
/* Every image of a dump is known to --crit; else false, and what it said is in the log. */
bool crit_reads_all(struct stage *s, const char *img);
/* Two dumps of one tree say the same to --compare; else as above. */
bool images_agree(struct stage *s, const char *a, const char *b);

/* snap.c */
struct snap {
	char **lines;		/* "KEY\tVALUE", sorted */
	size_t n, size;
};
int snap_take(pid_t root, struct snap *ret);
void snap_free(struct snap *sn);
void snap_add(struct snap *sn, const char *value, const char *key, ...) __attribute__((format(printf, 3, 4)));
/* After the last snap_add(). */
void snap_sort(struct snap *sn);

/* trail.c: the files in the folder of the test, mounts, System V objects. */
int trail_take(const struct stage *s, struct snap *ret);

/* diff.c: number of differences not allowed by @may_differ, each printed to @to. */
int snap_diff(const struct snap *before, const struct snap *after, const char *may_differ, FILE *to);
