/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The option table: one row an option. The command line, the configuration files, `criu --help`
 * and the check of the manual page are all made from it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "criu/image/options.h"

struct opt_row;

enum opt_arg {
	ARG_NO,
	ARG_YES,
	ARG_MAYBE,	/* only attached: --name=value, -xvalue */
};

/* Sections of `criu --help`, in this order. */
enum opt_group {
	GROUP_DUMP,
	GROUP_RESTORE,
	GROUP_BOTH,
	GROUP_MEMORY,
	GROUP_CGROUP,
	GROUP_NS,
	GROUP_SERVER,
	GROUP_CHECK,
	GROUP_COMMON,
	GROUP_LOG,
	GROUPS,
};

#define OPT_ROWS_MAX 160

/* What this version cannot do yet, as in "this version does not handle ...". */
#define LATER_TCP	  "TCP connections"
#define LATER_UNIX	  "unix sockets"
#define LATER_CGROUPS	  "cgroups"
#define LATER_MNT	  "mount namespaces"
#define LATER_NET	  "network namespaces"
#define LATER_NS	  "namespaces"
#define LATER_LSM	  "security module labels"
#define LATER_WATCHES	  "file system watches"
#define LATER_INCREMENTAL "incremental dumps"
#define LATER_PAGES	  "page servers"
#define LATER_LAZY	  "lazy pages"
#define LATER_OLD	  "images of old versions"
#define LATER_RPC	  "RPC"
#define LATER_PLUGINS	  "plugins"
#define LATER_STREAM	  "image streams"

/* What parsing needs beside the options themselves. */
struct opt_parse {
	struct options *o;
	const char *where;		/* "FILE:LINE", or "" for the command line */
	const char *config;		/* --config */
	bool no_default_config;
	bool help, version;
	bool on[OPT_ROWS_MAX];		/* by row: given, and not taken back by a --no- */
	bool typed[OPT_ROWS_MAX];	/* by row: given on the command line itself */
};

/*
 * Take one option into p->o. @arg is NULL if there is none, @on is false for a --no-NAME. Returns 0
 * or -errno; the caller says which option and value it was, except for -ECANCELED: already told.
 */
typedef int opt_set(struct opt_parse *p, const struct opt_row *row, const char *arg, bool on);

struct opt_row {
	const char *name;
	char letter;		/* 0: none */
	enum opt_arg arg;
	const char *arg_name;	/* for --help */
	bool no_form;		/* --no-NAME exists */
	uint32_t commands;	/* where it has an effect: bits by enum command */
	enum opt_group group;
	opt_set *set;
	size_t field;		/* offset in struct options, for the setters that are plain */
	/*
	 * What this version cannot do yet and the option asks for; the option is then refused by
	 * name before anything is touched. NULL: it works.
	 */
	const char *later;
	const char *help;
};

extern const struct opt_row opt_rows[];
extern const size_t opt_rows_n;

struct command_row {
	enum command command;
	const char *word, *second;	/* "cpuinfo" "dump"; @second is usually NULL */
	const char *args;		/* for --help */
	const char *later;		/* as in struct opt_row */
	const char *help;
};

extern const struct command_row command_rows[];
extern const size_t command_rows_n;

/*
 * The row of a long option as written, without dashes. A "no-" form sets @ret_on to false. Any
 * beginning that only one option has will do. NULL: -ENOENT or -EEXIST (several begin so) in
 * @ret_why.
 */
const struct opt_row *opt_find(const char *name, bool *ret_on, int *ret_why);
