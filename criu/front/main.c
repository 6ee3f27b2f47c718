/* SPDX-License-Identifier: GPL-2.0-only */
/* criu: from the words typed to the flow that does it, and back to an exit status. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "criu/flow/check.h"
#include "criu/flow/check_images.h"
#include "criu/flow/check_tree.h"
#include "criu/flow/cpuinfo.h"
#include "criu/flow/dump.h"
#include "criu/flow/restore.h"
#include "criu/front/cmdline.h"
#include "criu/front/plan.h"
#include "criu/front/start.h"
#include "criu/front/usage.h"
#include "criu/front/version.h"

/* Exit statuses that scripts know; the others are 0 and 1. */
enum {
	EXIT_POST_DUMP_SCRIPT = 255,
	EXIT_GONE = 255,
};

static int run_check(const struct options *o)
{
	const struct check_opts c = {
		.extra = o->check_extra,
		.experimental = o->check_experimental,
		.unprivileged = o->unprivileged,
		.list = o->check_list,
		.ways = o->check_ways,
		.json = o->check_json,
		.features = o->check_feature,
		.explain = o->check_explain,
	};

	if (o->check_images)
		return check_images_run(o);
	if (o->check_facts)
		return check_facts_run();
	return o->tree ? check_tree_run(o) : check_run(&c);
}

static int run_gone(const struct options *o)
{
	(void)refuse_any(-ENOTSUP, "run %s any more; %s", command_name(o->command),
			 o->command == CMD_SHOW ? "use: crit show FILE" :
						  "compel runs code in a task");
	return EXIT_GONE;
}

/* Returns the exit status. */
static int dispatch(const struct options *o)
{
	int r;

	switch (o->command) {
	case CMD_DUMP:
		r = dump_run(o);
		return r > 0 ? EXIT_POST_DUMP_SCRIPT : r < 0;
	case CMD_RESTORE:
		return restore_run(o) < 0;
	case CMD_CPUINFO_DUMP:
		return cpuinfo_dump_run(o) < 0;
	case CMD_CPUINFO_CHECK:
		return cpuinfo_check_run(o) < 0;
	case CMD_CHECK:
		return run_check(o);
	default:	/* plan_check() has refused the others */
		return 1;
	}
}

int main(int argc, char **argv)
{
	struct options o;
	struct opt_parse p = { .o = &o };

	options_init(&o);
	if (cmdline_parse(argc, argv, &p) < 0)
		return 1;

	if (p.help) {
		usage_print(stdout);
		return 0;
	}
	if (p.version) {
		printf("Version: %s\nRelease: %s\n", CRIU_VERSION, OUR_RELEASE);
		return 0;
	}

	if (o.command == CMD_EXEC || o.command == CMD_SHOW)
		return run_gone(&o);
	if (plan_check(&p) < 0 || start_run(&o) < 0)
		return o.command == CMD_CHECK && o.tree ? CHECK_TREE_FAILED : 1;
	return dispatch(&o);
}
