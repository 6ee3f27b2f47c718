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
	.config = "SECURITY_APPARMOR", .class = INFO, .scope = BOOT,
	.probe = probe_lsm_named, .path = "apparmor\n/sys/kernel/security/apparmor", .lost = "AppArmor profiles of tasks")
FEATURE(SELINUX,
	.name = "selinux", .group = "security", .what = "SELinux labels tasks",
	.config = "SECURITY_SELINUX", .class = INFO, .scope = BOOT,
	.probe = probe_lsm_named, .path = "selinux\n/sys/fs/selinux/enforce", .lost = "SELinux contexts of tasks")
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
#define CAP(id, name_, number, lost_)                                                                    \
	FEATURE(CAP_##id, .name = "cap_" name_, .group = "caps", .what = "CAP_" #id " is effective; value: 1 eff 2 prm 4 inh 8 bnd 16 amb", \
		.class = INFO, .scope = LIVE, .probe = probe_cap, .arg = number, .lost = lost_)
CAP(CHOWN, "chown", 0, "owners of restored deleted files")
CAP(DAC_OVERRIDE, "dac_override", 1, "files of other users")
CAP(DAC_READ_SEARCH, "dac_read_search", 2, "opening by handle")
CAP(FOWNER, "fowner", 3, "modes of files of other users")
CAP(FSETID, "fsetid", 4, "")
CAP(KILL, "kill", 5, "signals to tasks of other users")
CAP(SETGID, "setgid", 6, "groups of restored tasks")
CAP(SETUID, "setuid", 7, "users of restored tasks")
CAP(SETPCAP, "setpcap", 8, "bounding sets and securebits")
CAP(LINUX_IMMUTABLE, "linux_immutable", 9, "")
CAP(NET_BIND_SERVICE, "net_bind_service", 10, "sockets on low ports")
CAP(NET_BROADCAST, "net_broadcast", 11, "")
CAP(NET_ADMIN, "net_admin", 12, "TCP connections, network devices and rules")
CAP(NET_RAW, "net_raw", 13, "raw and packet sockets")
CAP(IPC_LOCK, "ipc_lock", 14, "locked memory above the limit")
CAP(IPC_OWNER, "ipc_owner", 15, "System V objects of other users")
CAP(SYS_MODULE, "sys_module", 16, "")
CAP(SYS_RAWIO, "sys_rawio", 17, "")
CAP(SYS_CHROOT, "sys_chroot", 18, "tasks with another root")
CAP(SYS_PTRACE, "sys_ptrace", 19, "tasks of other users, and those that are not dumpable")
CAP(SYS_PACCT, "sys_pacct", 20, "")
CAP(SYS_ADMIN, "sys_admin", 21, "namespaces, mounts, seccomp filters")
CAP(SYS_BOOT, "sys_boot", 22, "")
CAP(SYS_NICE, "sys_nice", 23, "real-time priorities, negative nice values")
CAP(SYS_RESOURCE, "sys_resource", 24, "raising hard limits; limits of other users' tasks")
CAP(SYS_TIME, "sys_time", 25, "")
CAP(SYS_TTY_CONFIG, "sys_tty_config", 26, "")
CAP(MKNOD, "mknod", 27, "device files of restored mounts")
CAP(LEASE, "lease", 28, "leases on files of other users")
CAP(AUDIT_WRITE, "audit_write", 29, "")
CAP(AUDIT_CONTROL, "audit_control", 30, "the login uid")
CAP(SETFCAP, "setfcap", 31, "")
CAP(MAC_OVERRIDE, "mac_override", 32, "")
CAP(MAC_ADMIN, "mac_admin", 33, "")
CAP(SYSLOG, "syslog", 34, "")
CAP(WAKE_ALARM, "wake_alarm", 35, "timers on alarm clocks")
CAP(BLOCK_SUSPEND, "block_suspend", 36, "EPOLLWAKEUP")
CAP(AUDIT_READ, "audit_read", 37, "")
CAP(PERFMON, "perfmon", 38, "")
CAP(BPF, "bpf", 39, "bpf maps")
CAP(CHECKPOINT_RESTORE, "checkpoint_restore", 40, "map_files and chosen pids without CAP_SYS_ADMIN")
#undef CAP
