/* SPDX-License-Identifier: LGPL-2.1-only */
/* The machine and its settings; rows of features.h. */

/* --- CPU and address space ---------------------------------------------------------------------------- */

FEATURE(PAGE_SIZE,
	.name = "page_size", .group = "cpu", .what = "page size; the value is in bytes",
	.class = INFO, .scope = BOOT, .probe = probe_auxv, .arg = 6 /* AT_PAGESZ */, .lost = "")
FEATURE(HWCAP,
	.name = "hwcap", .group = "cpu", .what = "AT_HWCAP as the kernel tells programs",
	.class = INFO, .scope = BOOT, .probe = probe_auxv, .arg = 16 /* AT_HWCAP */, .lost = "")
FEATURE(SIGFRAME_SIZE,
	.name = "sigframe_size", .group = "cpu", .what = "smallest signal stack; the value is in bytes",
	.since = "5.14", .class = INFO, .scope = BOOT, .probe = probe_auxv, .arg = 51 /* AT_MINSIGSTKSZ */, .lost = "")
FEATURE(ADDRESS_BITS,
	.name = "address_bits", .group = "cpu", .what = "size of the user address space; the value is in bits",
	.class = INFO, .scope = BOOT, .lab = MAIN, .probe = probe_address_bits, .lost = "")
FEATURE(VDSO,
	.name = "vdso", .group = "cpu", .what = "a vdso is mapped; the value is its size in bytes",
	.class = INFO, .scope = BOOT, .probe = probe_vdso, .path = "[vdso]", .lost = "")
FEATURE(VVAR,
	.name = "vvar", .group = "cpu", .what = "data of the vdso in front of it; the value is its size in bytes",
	.class = INFO, .scope = BOOT, .probe = probe_vdso, .path = "[vvar]", .lost = "")
FEATURE(VVAR_VCLOCK,
	.name = "vvar_vclock", .group = "cpu", .what = "clock pages of the vdso in a mapping of their own; value in bytes",
	.since = "6.13", .class = INFO, .scope = BOOT, .probe = probe_vdso, .path = "[vvar_vclock]", .lost = "")
FEATURE(CAN_MAP_VDSO,
	.name = "can_map_vdso", .group = "cpu", .what = "the kernel maps a vdso on request",
	.since = "4.9", .config = "CHECKPOINT_RESTORE", .class = EXTRA, .scope = BOOT,
	.probe = probe_arch_fact, .arg = ARCH_FACT_MAP_VDSO,
	.lost = "a vdso where criu itself has none of the kind", .instead = "moving criu's own")
FEATURE(COMPAT_CR,
	.name = "compat_cr", .group = "cpu", .what = "32-bit tasks run here and their vdso can be mapped",
	.since = "4.12", .config = "IA32_EMULATION", .class = EXTRA, .scope = BOOT,
	.probe = probe_compat, .lost = "32-bit tasks")
FEATURE(XSAVE_SIZE,
	.name = "xsave_size", .group = "cpu", .what = "x86: size of the extended state in bytes",
	.class = INFO, .scope = BOOT, .probe = probe_arch_fact, .arg = ARCH_FACT_XSAVE_SIZE, .lost = "")
FEATURE(XFEATURES,
	.name = "xfeatures", .group = "cpu", .what = "x86: extended state that is enabled; the value is XCR0",
	.class = INFO, .scope = BOOT, .probe = probe_arch_fact, .arg = ARCH_FACT_XFEATURES, .lost = "")
FEATURE(AMX_PERMISSION,
	.name = "amx_permission", .group = "cpu", .what = "x86: tile state can be asked for; the value is the mask on request",
	.since = "5.16", .class = INFO, .scope = BOOT, .probe = probe_arch_fact, .arg = ARCH_FACT_AMX, .lost = "tasks that use AMX tiles")
FEATURE(SHADOW_STACK,
	.name = "shadow_stack", .group = "cpu", .what = "user shadow stacks (x86 SHSTK, arm64 GCS)",
	.since = "6.6", .config = "X86_USER_SHADOW_STACK", .class = INFO, .scope = BOOT,
	.probe = probe_arch_fact, .arg = ARCH_FACT_SHADOW_STACK, .lost = "tasks with a shadow stack")

#define SHSTK(id, name_, fact, what_)                                                                    \
	FEATURE(SHADOW_STACK_##id, .name = "shadow_stack_" name_, .group = "cpu", .what = what_, .since = "6.6", \
		.config = "X86_USER_SHADOW_STACK", .class = INFO, .scope = BOOT, .probe = probe_arch_fact, \
		.arg = fact, .lost = "tasks with a shadow stack")
SHSTK(CPU, "cpu", ARCH_FACT_SHSTK_CPU, "the CPU has shadow stacks (x86 SHSTK, arm64 GCS)")
SHSTK(KERNEL, "kernel", ARCH_FACT_SHSTK_KERNEL, "the kernel has calls for shadow stacks of programs")
SHSTK(ON, "on", ARCH_FACT_SHSTK_ON, "a shadow stack is on for criu itself; the value is the mask of features")
SHSTK(LOCK, "lock", ARCH_FACT_SHSTK_LOCK, "shadow stacks can be locked as they are")
#undef SHSTK
FEATURE(IBT,
	.name = "ibt", .group = "cpu", .what = "x86: the CPU checks where indirect jumps land; the kernel uses it for itself alone",
	.since = "5.18", .config = "X86_KERNEL_IBT", .class = INFO, .scope = BOOT, .probe = probe_arch_fact, .arg = ARCH_FACT_IBT,
	.lost = "")

/* --- settings ------------------------------------------------------------------------------------------- */

#define SYSCTL(id, name_, since_, config_, path_, what_, lost_)                                         \
	FEATURE(id, .name = name_, .group = "host", .what = what_ "; the value is the setting",         \
		.since = since_, .config = config_,                                                       \
		.class = INFO, .scope = LIVE, .probe = probe_number, .path = "/proc/sys/" path_, .lost = lost_)
SYSCTL(PID_MAX, "pid_max", "2.5.34", "", "kernel/pid_max", "kernel.pid_max", "pids above it cannot be restored")
SYSCTL(THREADS_MAX, "threads_max", "2.3.11", "", "kernel/threads-max", "kernel.threads-max", "")
SYSCTL(CAP_LAST_CAP, "cap_last_cap", "3.2", "", "kernel/cap_last_cap", "the kernel's last capability", "")
SYSCTL(YAMA_SCOPE, "yama_ptrace_scope", "3.4", "SECURITY_YAMA", "kernel/yama/ptrace_scope", "kernel.yama.ptrace_scope, 3 forbids ptrace", "")
SYSCTL(UNPRIV_USERNS_CLONE, "unprivileged_userns_clone", "", "USER_NS", "kernel/unprivileged_userns_clone", "Debian's switch for user namespaces", "")
SYSCTL(UNPRIV_BPF_DISABLED, "unprivileged_bpf_disabled", "4.4", "BPF_SYSCALL", "kernel/unprivileged_bpf_disabled", "kernel.unprivileged_bpf_disabled", "")
SYSCTL(PERF_PARANOID, "perf_event_paranoid", "2.6.31", "PERF_EVENTS", "kernel/perf_event_paranoid", "kernel.perf_event_paranoid", "")
SYSCTL(IO_URING_DISABLED, "io_uring_disabled", "6.6", "IO_URING", "kernel/io_uring_disabled", "kernel.io_uring_disabled", "")
SYSCTL(RANDOMIZE_VA, "randomize_va_space", "2.6.12", "MMU", "kernel/randomize_va_space", "kernel.randomize_va_space", "")
SYSCTL(MAX_USER_NS, "max_user_namespaces", "4.9", "USER_NS", "user/max_user_namespaces", "user.max_user_namespaces", "")
SYSCTL(MAX_NET_NS, "max_net_namespaces", "4.9", "NET_NS", "user/max_net_namespaces", "user.max_net_namespaces", "")
SYSCTL(MAX_PID_NS, "max_pid_namespaces", "4.9", "PID_NS", "user/max_pid_namespaces", "user.max_pid_namespaces", "")
SYSCTL(MAX_MNT_NS, "max_mnt_namespaces", "4.9", "", "user/max_mnt_namespaces", "user.max_mnt_namespaces", "")
SYSCTL(MAX_UTS_NS, "max_uts_namespaces", "4.9", "UTS_NS", "user/max_uts_namespaces", "user.max_uts_namespaces", "")
SYSCTL(MAX_IPC_NS, "max_ipc_namespaces", "4.9", "IPC_NS", "user/max_ipc_namespaces", "user.max_ipc_namespaces", "")
SYSCTL(MAX_CGROUP_NS, "max_cgroup_namespaces", "4.9", "CGROUPS", "user/max_cgroup_namespaces", "user.max_cgroup_namespaces", "")
SYSCTL(MAX_TIME_NS, "max_time_namespaces", "5.7", "TIME_NS", "user/max_time_namespaces", "user.max_time_namespaces", "")
SYSCTL(APPARMOR_USERNS, "apparmor_userns", "", "SECURITY_APPARMOR", "kernel/apparmor_restrict_unprivileged_userns", "Ubuntu's limit on user namespaces, 1 wants a profile that allows them", "")
SYSCTL(IO_URING_GROUP, "io_uring_group", "6.6", "IO_URING", "kernel/io_uring_group", "kernel.io_uring_group, who may where io_uring_disabled is 1", "")
SYSCTL(OVERCOMMIT_RATIO, "overcommit_ratio", "", "", "vm/overcommit_ratio", "vm.overcommit_ratio, of memory in percent where overcommit_memory is 2", "")
SYSCTL(PIPE_PAGES_HARD, "pipe_user_pages_hard", "4.5", "", "fs/pipe-user-pages-hard", "fs.pipe-user-pages-hard, 0 is no limit", "pipes above it without CAP_SYS_RESOURCE")
SYSCTL(PIPE_MAX_SIZE, "pipe_max_size", "2.6.35", "", "fs/pipe-max-size", "fs.pipe-max-size", "larger pipes without CAP_SYS_RESOURCE")
SYSCTL(PIPE_PAGES_SOFT, "pipe_user_pages_soft", "4.5", "", "fs/pipe-user-pages-soft", "fs.pipe-user-pages-soft", "")
SYSCTL(NR_OPEN, "nr_open", "2.6.25", "", "fs/nr_open", "fs.nr_open", "descriptors above it cannot be restored")
SYSCTL(FILE_MAX, "file_max", "", "", "fs/file-max", "fs.file-max", "")
SYSCTL(AIO_MAX_NR, "aio_max_nr", "2.6.4", "AIO", "fs/aio-max-nr", "fs.aio-max-nr", "")
SYSCTL(OVERCOMMIT, "overcommit_memory", "", "", "vm/overcommit_memory", "vm.overcommit_memory, 2 counts every mapping", "")
SYSCTL(MAX_MAP_COUNT, "max_map_count", "", "", "vm/max_map_count", "vm.max_map_count", "tasks with more mappings cannot be restored")
SYSCTL(MMAP_MIN_ADDR, "mmap_min_addr", "2.6.23", "MMU", "vm/mmap_min_addr", "vm.mmap_min_addr", "mappings below it cannot be restored")
SYSCTL(NR_HUGEPAGES, "nr_hugepages", "", "HUGETLBFS", "vm/nr_hugepages", "vm.nr_hugepages", "")
SYSCTL(MEMFD_NOEXEC, "memfd_noexec", "6.3", "MEMFD_CREATE", "vm/memfd_noexec", "vm.memfd_noexec", "")
SYSCTL(SCHED_RT_RUNTIME, "sched_rt_runtime", "2.6.25", "", "kernel/sched_rt_runtime_us", "kernel.sched_rt_runtime_us", "")
#undef SYSCTL
