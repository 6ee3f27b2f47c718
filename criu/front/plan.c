/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/front/plan.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "kerndat/kerndat.h"

static int check_partners(const struct options *o)
{
	bool dump = o->command == CMD_DUMP || o->command == CMD_PRE_DUMP;
	bool restore = o->command == CMD_RESTORE;

	if (dump && !o->tree)
		return refuse_any(-EINVAL, "%s without a pid; pass -t PID, the root of the tree",
				  command_name(o->command));
	if (o->command == CMD_PRE_DUMP && o->lazy_pages)
		return refuse_any(-EINVAL, "pre-dump with --lazy-pages");
	if (restore && o->restore_sibling && !o->restore_detached)
		return refuse_any(-EINVAL, "use --restore-sibling alone; it needs --restore-detached");
	if (restore && o->exec_cmd && o->restore_detached)
		return refuse_any(-EINVAL, "use --exec-cmd with --restore-detached; who executes the "
					   "command has to stay");
	if (restore && o->exec_cmd && !o->exec_argv)
		return refuse_any(-EINVAL, "use --exec-cmd without a command; it follows --");
	return 0;
}

static int check_check(const struct options *o)
{
	int n = !!o->check_feature + o->check_list + !!o->check_explain + o->check_ways + !!o->tree + o->check_images +
		o->check_facts;

	if (o->command == CMD_CHECK && n > 1)
		return refuse_any(-EINVAL, "check several things at once; give one of --feature, --list, "
					   "--explain, --ways, --tree, --images and --facts");
	if (o->command == CMD_CHECK && o->check_against && !o->check_images)
		return refuse_any(-EINVAL, "compare this host with the facts of another; --against needs --images DIR");
	return 0;
}

static const struct command_row *command_row(enum command c)
{
	for (size_t i = 0; i < command_rows_n; i++)
		if (command_rows[i].command == c)
			return &command_rows[i];
	return NULL;
}

static bool applies(const struct opt_row *row, const struct options *o)
{
	return row->commands & (1u << o->command);
}

/* A configuration file serves all commands; on the command line somebody may have meant it. */
static void warn_of_idle(const struct opt_parse *p)
{
	for (size_t i = 0; i < opt_rows_n; i++)
		if (p->typed[i] && p->on[i] && !applies(&opt_rows[i], p->o))
			pr_warn("--%s has no effect on %s", opt_rows[i].name,
				command_name(p->o->command));
}

static int refuse_later(const char *what, const char *value, const char *later)
{
	return refuse_any(-ENOTSUP, "use %s%s yet; this version does not handle %s", what, value,
			  later);
}

static int refuse_externals(const struct options *o)
{
	static const struct {
		const char *type, *later;	/* no @later: it works */
	} types[] = {
		{ "file[", NULL },	      { "tty[", NULL },		{ "mnt[", LATER_MNT },
		{ "dev[", LATER_MNT },	      { "unix[", LATER_UNIX },	{ "net[", LATER_NET },
		{ "pid[", LATER_NS },	      { "veth[", LATER_NET },	{ "macvlan[", LATER_NET },
		{ "netdev[", LATER_NET },
	};
	const size_t n = sizeof(types) / sizeof(types[0]);
	int r = 0;

	for (size_t i = 0; i < o->n_externals; i++) {
		const char *key = o->externals[i].key;
		size_t k = 0;

		while (k < n && strncmp(key, types[k].type, strlen(types[k].type)))
			k++;
		if (k == n)
			r = refuse_any(-EINVAL, "use --external %s; there is no such type of "
						"external resource", key);
		else if (types[k].later)
			r = refuse_later("--external ", key, types[k].later);
	}
	if (o->auto_ext_mnt)
		r = refuse_later("--external ", "mnt[]", LATER_MNT);
	return r;
}

static int refuse_track_mem(void)
{
	struct kerndat *kd;
	struct kd_answer a;
	int r;

	r = kerndat_open(&kd);
	if (r < 0)
		return err_any(r, "ask the kernel what it can do");
	a = kerndat_ask(kd, KD_MEM_DIRTY_TRACK);
	kerndat_close(kd);

	if (a.state != KD_YES)
		return refuse_any(-ENOTSUP, "use --track-mem here; this kernel does not track "
					    "changed pages (criu check --explain mem_dirty_track)");
	return refuse_later("--track-mem", "", LATER_INCREMENTAL);
}

static int refuse_values(const struct opt_parse *p)
{
	const struct options *o = p->o;
	bool dump = o->command == CMD_DUMP, restore = o->command == CMD_RESTORE;
	int r = 0;

	if (!dump && !restore && !(o->command == CMD_CHECK && o->tree))
		return 0;
	if (o->n_externals || o->auto_ext_mnt)
		r = refuse_externals(o);
	/* Soft is what happens without the option, and ignore asks for nothing. */
	if (o->manage_cgroups != CGROUP_SOFT && o->manage_cgroups != CGROUP_IGNORE)
		r = refuse_later("this mode of --manage-cgroups", "", LATER_CGROUPS);
	if (dump && o->track_mem && r == 0)
		r = refuse_track_mem();
	return r;
}

static int refuse_options(const struct opt_parse *p)
{
	int r = 0;

	for (size_t i = 0; i < opt_rows_n; i++)
		if (p->on[i] && opt_rows[i].later && applies(&opt_rows[i], p->o))
			r = refuse_any(-ENOTSUP, "use --%s yet; this version does not handle %s",
				       opt_rows[i].name, opt_rows[i].later);
	return r;
}

int plan_check(const struct opt_parse *p)
{
	const struct command_row *c = command_row(p->o->command);
	int r;

	r = check_partners(p->o);
	if (r == 0)
		r = check_check(p->o);
	if (r < 0)
		return r;

	if (c->later)
		return refuse_any(-ENOTSUP, "run %s yet; this version does not handle %s",
				  command_name(c->command), c->later);

	warn_of_idle(p);
	r = refuse_options(p);
	if (r == 0)
		r = refuse_values(p);
	return r;
}
