/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusals of a dump, by stable code: the table is criu/image/blockers.h.
 *
 * The rooms that look at a tree are the same for `criu dump`, which stops at the first refusal, and for `criu check --tree`, which
 * looks at a running tree and wants all of them. So a refusal is made by
 *
 *	return block_task(d, SHARED_VM, t->pid, -ENOTSUP, "dump a task that shares its memory with pid %d", other);
 *
 * In a dump (d->survey is NULL) that is refuse_task() with the code behind the text: "pid 5: cannot dump ... [task-shared-memory]".
 * In a survey it is noted, and SURVEY_NOTED comes back. Whoever goes through many things of which each may be refused
 * passes what came of one through survey_pass(), which lets a survey go on to the next.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/list.h"

struct arena;

enum blocker {
#define BLOCKER(id, ...) BLOCKER_##id,
#include "criu/image/blockers.h"
#undef BLOCKER
	BLOCKER_NR,
};

enum blocker_when { STOPS, STOPS_LATER, WARNS };

struct blocker_info {
	const char *code;
	enum blocker_when when;
	const char *what;   /* what it is */
	const char *helps;  /* what to do; "" */
	const char *option; /* the option that lifts it; "" */
	const char *needs;  /* a version or privilege that lifts it; "" */
};

const struct blocker_info *blocker_info(enum blocker b);

/* Who is refused. */
struct block_object {
	pid_t pid;
	int fd;		  /* -1: no descriptor */
	const char *at;	  /* without a descriptor: "cwd", "map_files/7f00-7f01"; may be NULL */
	const char *path; /* or another text of its link; may be NULL */
};

/* One blocker or warning that a survey has found. */
struct blocked {
	struct list all;
	enum blocker what;
	struct block_object object;
	const char *text; /* "dump a lease (1: LEASE ...)" */
	const char *helps;
};

/* What `criu check --tree` gathers. */
struct survey {
	struct arena *arena;
	struct list found; /* of struct blocked, in the order of a dump */
	size_t n_stops, n_warns;
	size_t n_gone;	 /* things that were listed and not there any more: the tree runs */
	size_t n_errors; /* "unreadable" among the found */
	bool last;	 /* no other survey follows: what is gone is an error like others, unless its process is gone too */
};

void survey_init(struct survey *s, struct arena *a);

/* What a noted refusal returns in a survey: no errno that the kernel gives for anything we ask. */
#define SURVEY_NOTED (-ESHUTDOWN)

/*
 * After one of many steps: @r as it is in a dump (@s is NULL). In a survey 0 for what was noted; an error is noted as
 * "unreadable", with @what was being looked at and its errno, and 0 too; what is not there any more is only counted. Out of
 * memory ends either.
 */
int survey_pass(struct survey *s, int r, pid_t pid, const char *what);

#define block_at(survey, id, object, r, ...) \
	block_object_at(__FILE__, __LINE__, survey, BLOCKER_##id, object, r, __VA_ARGS__)
#define block_task(d, id, task, r, ...) \
	block_at((d)->survey, id, (&(struct block_object){ .pid = (task), .fd = -1 }), r, __VA_ARGS__)

/* @r is what a dump returns for it; the text is as for refuse_task() of base/err.h. */
int block_object_at(const char *file, int line, struct survey *s, enum blocker b, const struct block_object *o, int r,
		    const char *fmt, ...) __attribute__((format(printf, 7, 8)));

/* What is lost though the dump goes on: a warning. */
#define block_warn(d, id, task, ...) \
	block_warn_at(__FILE__, __LINE__, (d)->survey, BLOCKER_##id, &(struct block_object){ .pid = (task), .fd = -1 }, __VA_ARGS__)
void block_warn_at(const char *file, int line, struct survey *s, enum blocker b, const struct block_object *o,
		   const char *fmt, ...) __attribute__((format(printf, 6, 7)));
