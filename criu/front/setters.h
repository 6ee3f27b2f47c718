/* SPDX-License-Identifier: GPL-2.0-only */
/* How the rows of the option table take their value; see opt_set in criu/front/table.h. */
#pragma once

#include "criu/front/table.h"

/* Plain ones, by row->field. */
opt_set set_bool, set_text, set_list, set_size, set_fd;

/* One option each. */
opt_set set_tree, set_timeout, set_network_lock, set_ext_unix_sk, set_inherit_fd, set_external,
	set_file_validation, set_cpu_cap, set_pre_dump_mode, set_manage_cgroups, set_cgroup_root,
	set_enable_fs, set_ext_mount_map, set_empty_ns, set_veth_pair, set_join_ns, set_port,
	set_check_all, set_gone, set_close, set_config, set_no_default_config, set_help, set_version,
	set_verbosity, set_images, set_against;
