/* SPDX-License-Identifier: LGPL-2.1-only */
/* Namespaces and mounts; rows of features.h. */

FEATURE(NS_USER,
	.name = "ns_user", .group = "ns", .what = "the kernel has user namespaces",
	.since = "3.8", .config = "USER_NS", .class = INFO, .scope = BOOT,
	.probe = probe_file, .path = "/proc/self/ns/user", .lost = "trees in user namespaces")
#define KIND_OF_NS(id, name_, file, since_, config_, what_)                                             \
	FEATURE(id, .name = name_, .group = "ns", .what = "the kernel has " what_ " namespaces", .since = since_, \
		.config = config_, .class = INFO, .scope = BOOT, .probe = probe_file,                     \
		.path = "/proc/self/ns/" file, .lost = "trees in " what_ " namespaces")
KIND_OF_NS(MNTNS, "mntns", "mnt", "2.4.19", "NAMESPACES", "mount")
KIND_OF_NS(UTSNS, "utsns", "uts", "2.6.19", "UTS_NS", "uts")
KIND_OF_NS(IPCNS, "ipcns", "ipc", "2.6.19", "IPC_NS", "ipc")
KIND_OF_NS(PIDNS, "pidns", "pid", "2.6.24", "PID_NS", "pid")
KIND_OF_NS(NETNS, "netns", "net", "2.6.24", "NET_NS", "net")
#undef KIND_OF_NS
FEATURE(USERNS,
	.name = "userns", .group = "ns", .what = "user namespaces, with PR_SET_MM_MAP for those in them",
	.since = "3.18", .config = "USER_NS", .class = EXTRA, .scope = BOOT,
	.probe = probe_all_of, .path = "ns_user,prctl_mm_map", .lost = "trees in user namespaces")
FEATURE(CGROUPNS,
	.name = "cgroupns", .group = "ns", .what = "cgroup namespaces",
	.since = "4.6", .commit = "a79a908fd2b0", .config = "CGROUPS", .class = EXTRA, .scope = BOOT,
	.probe = probe_file, .path = "/proc/self/ns/cgroup", .lost = "trees in cgroup namespaces")
FEATURE(TIMENS,
	.name = "timens", .group = "ns", .what = "time namespaces",
	.since = "5.6", .commit = "769071ac9f20", .config = "TIME_NS", .class = EXTRA, .scope = BOOT,
	.probe = probe_file, .path = "/proc/self/timens_offsets",
	.lost = "monotonic and boot time that go on after a reboot or move", .instead = "clocks jump")

#define TIMENS_CLOCK(id, name_, clock)                                                                  \
	FEATURE(id, .name = name_, .group = "ns", .what = "a time namespace can set its " clock " clock", \
		.since = "5.6", .commit = "04a8682a71be", .config = "TIME_NS", .class = INFO, .scope = BOOT, \
		.probe = probe_timens_clock, .path = clock,                                               \
		.lost = "a " clock " clock that goes on after a reboot or move", .instead = "it jumps",   \
		.helps = "CAP_SYS_TIME in the user namespace around it")
TIMENS_CLOCK(TIMENS_MONOTONIC, "timens_monotonic", "monotonic")
TIMENS_CLOCK(TIMENS_BOOTTIME, "timens_boottime", "boottime")
#undef TIMENS_CLOCK

#define CREATE(id, name_, flag, lab_, since_, config_, what_)                                                  \
	FEATURE(CREATE_##id, .name = name_, .group = "ns", .what = what_, .since = since_, .config = config_, \
		.class = INFO, .scope = CALLER, .lab = lab_, .probe = probe_unshare, .arg = flag,                     \
		.lost = "restoring trees with such a namespace", .helps = "CAP_SYS_ADMIN, or a user namespace around it")
CREATE(MNT, "create_mntns", 0x00020000, KD_LAB_NS, "2.6.16", "", "a mount namespace can be created here")
CREATE(UTS, "create_utsns", 0x04000000, KD_LAB_NS, "2.6.19", "UTS_NS", "a uts namespace can be created here")
CREATE(IPC, "create_ipcns", 0x08000000, KD_LAB_NS, "2.6.19", "IPC_NS", "an ipc namespace can be created here")
CREATE(USER, "create_userns", 0x10000000, KD_NO_LAB, "3.8", "USER_NS", "a user namespace can be created here")
CREATE(PID, "create_pidns", 0x20000000, KD_LAB_NS, "3.8", "PID_NS", "a pid namespace can be created here")
CREATE(NET, "create_netns", 0x40000000, KD_LAB_NS, "2.6.24", "NET_NS", "a net namespace can be created here")
CREATE(CGROUP, "create_cgroupns", 0x02000000, KD_LAB_NS, "4.6", "CGROUPS", "a cgroup namespace can be created here")
CREATE(TIME, "create_timens", 0x00000080, KD_LAB_NS, "5.6", "TIME_NS", "a time namespace can be created here")
#undef CREATE

FEATURE(INITIAL_USERNS,
	.name = "initial_userns", .group = "ns", .what = "criu is in the first user namespace",
	.class = INFO, .scope = NS, .probe = probe_initial_userns,
	.lost = "what only the first user namespace may do", .helps = "run criu outside the container")
FEATURE(STATMOUNT,
	.name = "statmount", .group = "ns", .what = "statmount(2): a mount by its id",
	.since = "6.8", .config = "", .class = INFO, .scope = BOOT,
	.probe = probe_syscall, .arg = SYS_statmount, .lost = "", .instead = "mountinfo")
FEATURE(LISTMOUNT,
	.name = "listmount", .group = "ns", .what = "listmount(2): the mounts of a namespace",
	.since = "6.8", .class = INFO, .scope = BOOT,
	.probe = probe_syscall, .arg = SYS_listmount, .lost = "", .instead = "mountinfo")
FEATURE(OPEN_TREE,
	.name = "open_tree", .group = "ns", .what = "a mount held by descriptor",
	.since = "5.2", .commit = "a07b20004793", .class = INFO, .scope = BOOT,
	.probe = probe_syscall, .arg = SYS_open_tree, .lost = "", .instead = "mount(2)")
FEATURE(MOVE_MOUNT,
	.name = "move_mount", .group = "ns", .what = "move_mount(2)",
	.since = "5.2", .commit = "2db154b3ea8e", .class = INFO, .scope = BOOT,
	.probe = probe_move_mount, .arg = 0, .lost = "", .instead = "mount(2)")
FEATURE(MOVE_MOUNT_SET_GROUP,
	.name = "move_mount_set_group", .group = "ns", .what = "give a mount the sharing of another",
	.since = "5.15", .commit = "9ffb14ef61ba", .class = EXTRA, .scope = BOOT,
	.probe = probe_move_mount, .arg = 0x100,
	.lost = "any order of mounts and sharing groups", .instead = "binding in an order that gives the groups")
FEATURE(MOUNT_SETATTR,
	.name = "mount_setattr", .group = "ns", .what = "mount_setattr(2), idmapped mounts",
	.since = "5.12", .class = INFO, .scope = BOOT,
	.probe = probe_syscall, .arg = SYS_mount_setattr, .lost = "idmapped mounts", .instead = "remounting")
FEATURE(FSOPEN,
	.name = "fsopen", .group = "ns", .what = "file systems made step by step",
	.since = "5.2", .commit = "24dcb3d90a1f", .class = INFO, .scope = CALLER,
	.probe = probe_syscall, .arg = SYS_fsopen, .lost = "", .instead = "mount(2)", .helps = "CAP_SYS_ADMIN")
FEATURE(SYSVIPC_NEXT_ID,
	.name = "sysvipc_next_id", .group = "ns", .what = "choose the id of the next System V object",
	.since = "3.8", .config = "CHECKPOINT_RESTORE", .class = NEEDED, .scope = BOOT,
	.probe = probe_file, .path = "/proc/sys/kernel/msg_next_id", .lost = "System V objects with the ids they had")
FEATURE(SYSVIPC_MSG_COPY,
	.name = "sysvipc_msg_copy", .group = "ns", .what = "read a message and leave it in its queue",
	.since = "3.8", .commit = "4a674f34ba04", .config = "CHECKPOINT_RESTORE", .class = NEEDED, .scope = BOOT,
	.probe = probe_msg_copy, .lost = "System V message queues")
