/* SPDX-License-Identifier: GPL-2.0-only */
#include "criu/image/options.h"

#include <string.h>

#include "base/log.h"

void options_init(struct options *o)
{
	*o = (struct options){
		.images_dir = ".",
		.images_fd = -1,
		.work_fd = -1,
		.status_fd = -1,
		.ps_socket = -1,
		.swrk_fd = -1,
		.log_level = LOG_WARN,
		.timeout = 10,
		.ghost_limit = 1 << 20,
		.ghost_fiemap = true,
		.pre_dump_mode = PRE_DUMP_SPLICE,
		.network_lock = NETWORK_LOCK_IPTABLES,
		.file_validation = FILE_VALIDATE_BUILDID,
		.manage_cgroups = CGROUP_SOFT,
		.cpu_cap = CPU_CAP_FPU | CPU_CAP_INS,
	};
}

bool options_external(const struct options *o, const char *key, const char **ret_value)
{
	for (size_t i = 0; i < o->n_externals; i++) {
		if (strcmp(o->externals[i].key, key))
			continue;
		if (ret_value)
			*ret_value = o->externals[i].value ? o->externals[i].value : "";
		return true;
	}
	return false;
}

const struct opt_inherit *options_inherit(const struct options *o, const char *key)
{
	for (size_t i = 0; i < o->n_inherit_fds; i++)
		if (!strcmp(o->inherit_fds[i].key, key))
			return &o->inherit_fds[i];
	return NULL;
}

const char *command_name(enum command c)
{
	static const char *const names[] = {
		[CMD_NONE] = "no command",
		[CMD_DUMP] = "dump",
		[CMD_PRE_DUMP] = "pre-dump",
		[CMD_RESTORE] = "restore",
		[CMD_CHECK] = "check",
		[CMD_PAGE_SERVER] = "page-server",
		[CMD_LAZY_PAGES] = "lazy-pages",
		[CMD_SERVICE] = "service",
		[CMD_SWRK] = "swrk",
		[CMD_DEDUP] = "dedup",
		[CMD_CPUINFO_DUMP] = "cpuinfo dump",
		[CMD_CPUINFO_CHECK] = "cpuinfo check",
		[CMD_EXEC] = "exec",
		[CMD_SHOW] = "show",
	};

	return names[c];
}
