/* SPDX-License-Identifier: LGPL-2.1-only */
/* Seccomp, security modules, capabilities; rows of features.h. */

FEATURE(SECCOMP,
	.name = "seccomp", .group = "security", .what = "seccomp filters; the value is the mask of filter flags",
	.since = "3.5", .config = "SECCOMP_FILTER", .class = EXTRA, .scope = BOOT, .probe = probe_seccomp,
	.lost = "tasks with seccomp filters")
FEATURE(SECCOMP_TSYNC,
	.name = "seccomp_tsync", .group = "security", .what = "SECCOMP_FILTER_FLAG_TSYNC",
	.since = "3.17", .config = "SECCOMP_FILTER", .class = INFO, .scope = BOOT,
	.probe = probe_seccomp_flag, .arg = 1 << 0, .lost = "", .instead = "each thread sets its filters")
FEATURE(SECCOMP_LOG,
	.name = "seccomp_log", .group = "security", .what = "SECCOMP_FILTER_FLAG_LOG",
	.since = "4.14", .config = "SECCOMP_FILTER", .class = INFO, .scope = BOOT,
	.probe = probe_seccomp_flag, .arg = 1 << 1, .lost = "filters that log")
#define FILTER_FLAG(id, name_, since_, bit, what_, lost_, instead_)                                     \
	FEATURE(SECCOMP_##id, .name = "seccomp_" name_, .group = "security", .what = what_, .since = since_, \
		.config = "SECCOMP_FILTER", .class = INFO, .scope = BOOT, .probe = probe_seccomp_flag,    \
		.arg = 1 << (bit), .lost = lost_, .instead = instead_)
FILTER_FLAG(SPEC_ALLOW, "spec_allow", "4.17", 2, "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "filters without a speculation guard", "they come back with it")
FILTER_FLAG(TSYNC_ESRCH, "tsync_esrch", "5.7", 4, "SECCOMP_FILTER_FLAG_TSYNC_ESRCH", "", "")
#undef FILTER_FLAG
/* The second is refused without the first. */
FEATURE(SECCOMP_NEW_LISTENER,
	.name = "seccomp_new_listener", .group = "security", .what = "SECCOMP_FILTER_FLAG_NEW_LISTENER: a supervisor's descriptor",
	.since = "5.0", .commit = "6a21cc50f0c7", .config = "SECCOMP_FILTER", .class = INFO, .scope = BOOT,
	.probe = probe_seccomp_flag, .arg = 1 << 3, .lost = "")
FEATURE(SECCOMP_WAIT_KILLABLE,
	.name = "seccomp_wait_killable", .group = "security", .what = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	.since = "5.19", .commit = "c2aa2dfef243", .config = "SECCOMP_FILTER", .class = INFO, .scope = BOOT,
	.probe = probe_seccomp_flag, .arg = 1 << 5 | 1 << 3, .lost = "")
FEATURE(SECCOMP_NOTIFY,
	.name = "seccomp_notify", .group = "security", .what = "SECCOMP_RET_USER_NOTIF",
	.since = "5.0", .config = "SECCOMP_FILTER", .class = INFO, .scope = BOOT,
	.probe = probe_seccomp_action, .arg = 0x7fc00000, .lost = "")
FEATURE(SECCOMP_ON_US,
	.name = "seccomp_on_us", .group = "security", .what = "a seccomp filter is in force on criu itself",
	.class = INFO, .scope = LIVE, .probe = probe_seccomp_on_us, .lost = "",
	.helps = "where it is: run criu without one, or answers are not sure")
FEATURE(LSM,
	.name = "lsm", .group = "security", .what = "security modules in force",
	.since = "4.11", .config = "SECURITYFS", .class = INFO, .scope = LIVE, .probe = probe_lsm, .lost = "")
FEATURE(APPARMOR,
	.name = "apparmor", .group = "security", .what = "AppArmor labels tasks",
	.since = "2.6.36", .config = "SECURITY_APPARMOR", .class = INFO, .scope = BOOT,
	.probe = probe_lsm_named, .path = "apparmor\n/sys/kernel/security/apparmor", .lost = "AppArmor profiles of tasks")
FEATURE(SELINUX,
	.name = "selinux", .group = "security", .what = "SELinux labels tasks",
	.since = "2.6.0", .config = "SECURITY_SELINUX", .class = INFO, .scope = BOOT,
	.probe = probe_lsm_named, .path = "selinux\n/sys/fs/selinux/enforce", .lost = "SELinux contexts of tasks")
FEATURE(APPARMOR_SET,
	.name = "apparmor_set", .group = "security", .what = "we may set the AppArmor profile of a task we restore",
	.config = "SECURITY_APPARMOR", .class = INFO, .scope = CALLER, .lab = MAIN, .probe = probe_lsm_set,
	.arg = KD_APPARMOR, .path = "/proc/thread-self/attr/current",
	.lost = "AppArmor profiles of tasks", .instead = "--lsm-profile, or criu's own",
	.helps = "CAP_MAC_ADMIN, or a profile for criu that allows change_profile")
FEATURE(SELINUX_SET,
	.name = "selinux_set", .group = "security", .what = "we may set the SELinux context of a task we restore",
	.since = "2.6.0", .config = "SECURITY_SELINUX", .class = INFO, .scope = CALLER, .lab = MAIN, .probe = probe_lsm_set,
	.arg = KD_SELINUX, .path = "/proc/thread-self/attr/current",
	.lost = "SELinux contexts of tasks", .instead = "--lsm-profile, or criu's own",
	.helps = "a policy that allows criu setcurrent")
FEATURE(APPARMOR_STACKING,
	.name = "apparmor_stacking", .group = "security", .what = "AppArmor namespaces that stack",
	.since = "4.13", .config = "SECURITY_APPARMOR", .class = INFO, .scope = BOOT,
	.probe = probe_apparmor_stacking,
	.lost = "containers with AppArmor profiles of their own")
FEATURE(LANDLOCK,
	.name = "landlock", .group = "security", .what = "Landlock; the value is its ABI version",
	.since = "5.13", .config = "SECURITY_LANDLOCK", .class = INFO, .scope = BOOT, .probe = probe_landlock, .lost = "")
FEATURE(SECUREBITS,
	.name = "securebits", .group = "security", .what = "securebits of ourselves; the value is the mask",
	.class = INFO, .scope = LIVE, .probe = probe_securebits, .lost = "")
FEATURE(NO_NEW_PRIVS,
	.name = "no_new_privs", .group = "security", .what = "no_new_privs of ourselves; the value is the bit",
	.since = "3.5", .class = INFO, .scope = LIVE, .probe = probe_no_new_privs, .lost = "")

/* Is it effective? The value: 1 effective, 2 permitted, 4 inheritable, 8 bounding, 16 ambient. */
#define CAP(id, name_, number, since_, lost_)                                                                    \
	FEATURE(CAP_##id, .name = "cap_" name_, .group = "caps", .what = "CAP_" #id " is effective; value: 1 eff 2 prm 4 inh 8 bnd 16 amb", \
		.since = since_, .class = INFO, .scope = CALLER, .probe = probe_cap, .arg = number, .lost = lost_)
CAP(CHOWN, "chown", 0, "2.2", "owners of restored deleted files")
CAP(DAC_OVERRIDE, "dac_override", 1, "2.2", "files of other users")
CAP(DAC_READ_SEARCH, "dac_read_search", 2, "2.2", "opening by handle")
CAP(FOWNER, "fowner", 3, "2.2", "modes of files of other users")
CAP(FSETID, "fsetid", 4, "2.2", "")
CAP(KILL, "kill", 5, "2.2", "signals to tasks of other users")
CAP(SETGID, "setgid", 6, "2.2", "groups of restored tasks")
CAP(SETUID, "setuid", 7, "2.2", "users of restored tasks")
CAP(SETPCAP, "setpcap", 8, "2.2", "bounding sets and securebits")
CAP(LINUX_IMMUTABLE, "linux_immutable", 9, "2.2", "")
CAP(NET_BIND_SERVICE, "net_bind_service", 10, "2.2", "sockets on low ports")
CAP(NET_BROADCAST, "net_broadcast", 11, "2.2", "")
CAP(NET_ADMIN, "net_admin", 12, "2.2", "TCP connections, network devices and rules")
CAP(NET_RAW, "net_raw", 13, "2.2", "raw and packet sockets")
CAP(IPC_LOCK, "ipc_lock", 14, "2.2", "locked memory above the limit")
CAP(IPC_OWNER, "ipc_owner", 15, "2.2", "System V objects of other users")
CAP(SYS_MODULE, "sys_module", 16, "2.2", "")
CAP(SYS_RAWIO, "sys_rawio", 17, "2.2", "")
CAP(SYS_CHROOT, "sys_chroot", 18, "2.2", "tasks with another root")
CAP(SYS_PTRACE, "sys_ptrace", 19, "2.2", "tasks of other users, and those that are not dumpable")
CAP(SYS_PACCT, "sys_pacct", 20, "2.2", "")
CAP(SYS_ADMIN, "sys_admin", 21, "2.2", "namespaces, mounts, seccomp filters")
CAP(SYS_BOOT, "sys_boot", 22, "2.2", "")
CAP(SYS_NICE, "sys_nice", 23, "2.2", "real-time priorities, negative nice values")
CAP(SYS_RESOURCE, "sys_resource", 24, "2.2", "raising hard limits; limits of other users' tasks")
CAP(SYS_TIME, "sys_time", 25, "2.2", "")
CAP(SYS_TTY_CONFIG, "sys_tty_config", 26, "2.2", "")
CAP(MKNOD, "mknod", 27, "2.4", "device files of restored mounts")
CAP(LEASE, "lease", 28, "2.4", "leases on files of other users")
CAP(AUDIT_WRITE, "audit_write", 29, "2.6.11", "")
CAP(AUDIT_CONTROL, "audit_control", 30, "2.6.11", "the login uid")
CAP(SETFCAP, "setfcap", 31, "2.6.24", "")
CAP(MAC_OVERRIDE, "mac_override", 32, "2.6.25", "")
CAP(MAC_ADMIN, "mac_admin", 33, "2.6.25", "")
CAP(SYSLOG, "syslog", 34, "2.6.37", "")
CAP(WAKE_ALARM, "wake_alarm", 35, "3.0", "timers on alarm clocks")
CAP(BLOCK_SUSPEND, "block_suspend", 36, "3.5", "EPOLLWAKEUP")
CAP(AUDIT_READ, "audit_read", 37, "3.16", "")
CAP(PERFMON, "perfmon", 38, "5.8", "")
CAP(BPF, "bpf", 39, "5.8", "bpf maps")
CAP(CHECKPOINT_RESTORE, "checkpoint_restore", 40, "5.9", "map_files and chosen pids without CAP_SYS_ADMIN")
#undef CAP
