/* SPDX-License-Identifier: LGPL-2.1-only */
/* Control groups; rows of features.h. */

FEATURE(CGROUP_V1,
	.name = "cgroup_v1", .group = "cgroup", .what = "cgroup v1 hierarchies are mounted; the value is their number, the words name them",
	.since = "2.6.24", .config = "CGROUPS", .class = INFO, .scope = LIVE, .probe = probe_cgroup_v1, .lost = "")
FEATURE(CGROUP_V2,
	.name = "cgroup_v2", .group = "cgroup", .what = "cgroup v2 is mounted; the value is its number of controllers",
	.since = "4.5", .config = "CGROUPS", .class = INFO, .scope = LIVE, .probe = probe_cgroup_v2, .lost = "")
FEATURE(CGROUP_V2_WRITABLE,
	.name = "cgroup_v2_writable", .group = "cgroup", .what = "groups can be made in cgroup v2",
	.class = INFO, .scope = LIVE, .probe = probe_cgroup_writable, .path = "cgroup2",
	.lost = "restoring cgroups", .instead = "--manage-cgroups=ignore")
FEATURE(CGROUP_V1_WRITABLE,
	.name = "cgroup_v1_writable", .group = "cgroup", .what = "groups can be made in cgroup v1",
	.class = INFO, .scope = LIVE, .probe = probe_cgroup_writable, .path = "cgroup",
	.lost = "restoring cgroups", .instead = "--manage-cgroups=ignore")
FEATURE(FREEZER_V2,
	.name = "freezer_v2", .group = "cgroup", .what = "cgroup.freeze",
	.since = "5.2", .class = INFO, .scope = LIVE, .probe = probe_cgroup_file, .path = "cgroup.freeze",
	.lost = "freezing by cgroup v2", .instead = "cgroup v1, or ptrace task by task")
FEATURE(FREEZER_V1,
	.name = "freezer_v1", .group = "cgroup", .what = "the freezer controller of cgroup v1",
	.since = "2.6.28", .config = "CGROUP_FREEZER", .class = INFO, .scope = LIVE, .probe = probe_freezer_v1,
	.lost = "freezing by cgroup v1", .instead = "cgroup v2, or ptrace task by task")
FEATURE(CGROUP_KILL,
	.name = "cgroup_kill", .group = "cgroup", .what = "cgroup.kill",
	.since = "5.14", .class = INFO, .scope = LIVE, .probe = probe_cgroup_file, .path = "cgroup.kill",
	.lost = "", .instead = "signals task by task")
FEATURE(CGROUP_HYBRID,
	.name = "cgroup_hybrid", .group = "cgroup", .what = "cgroup v1 and v2 are mounted side by side",
	.since = "4.5", .config = "CGROUPS", .class = INFO, .scope = LIVE, .probe = probe_cgroup_hybrid, .lost = "")
